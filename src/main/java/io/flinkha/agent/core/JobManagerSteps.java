package io.flinkha.agent.core;

import io.flinkha.agent.core.Event.AddressesAsked;
import io.flinkha.agent.core.Event.AddressesOffered;
import io.flinkha.agent.core.Event.ChangeOffered;
import io.flinkha.agent.core.Event.EarlierRunsAsked;
import io.flinkha.agent.core.Event.GatePolled;
import io.flinkha.agent.core.Event.PlanAsked;
import io.flinkha.agent.core.Event.Registered;
import io.flinkha.agent.core.Event.Request;
import io.flinkha.agent.core.Event.StartFailed;
import io.flinkha.agent.core.Event.TermAsked;
import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.gate.WaitReason;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.EarlierRun;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestRules;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.core.restart.ExitCode;
import io.flinkha.agent.core.restart.Refusal;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.core.restart.Start;
import java.util.List;

/**
 * The JobManager: the gate that it passes, the plan that it is given and the changes that it
 * offers.
 */
final class JobManagerSteps {
    private final Settings settings;
    private final Incarnation incarnation;

    private final JobSteps job;
    private final ProcessSteps process;
    private final StandbySteps standby;
    private final LeaderAddressSteps leaderAddresses;

    JobManagerSteps(
            Settings settings,
            Incarnation incarnation,
            JobSteps job,
            ProcessSteps process,
            StandbySteps standby,
            LeaderAddressSteps leaderAddresses) {
        this.settings = settings;
        this.incarnation = incarnation;
        this.job = job;
        this.process = process;
        this.standby = standby;
        this.leaderAddresses = leaderAddresses;
    }

    void note(Draft draft, Request request) {
        switch (request) {
            case Registered registered -> {
                process.heard(draft, registered.registration().jm());
                register(draft, registered);
            }
            case GatePolled poll -> {
                process.note(draft, poll);
                draft.answer(poll.request(), gate(draft, poll));
            }
            case AddressesOffered offer -> offerAddresses(draft, offer);
            case ChangeOffered offer -> offerChange(draft, offer);
            case EarlierRunsAsked asked ->
                    offerChange(
                            draft,
                            new ChangeOffered(
                                    asked.request(),
                                    asked.jm(),
                                    asked.epoch(),
                                    new Change.RetireRuns(settings.restore().keepPreviousRuns())));
            case StartFailed failed ->
                    draft.answer(failed.request(), mayWrite(draft, failed.jm(), failed.epoch()));
            case PlanAsked asked -> draft.answer(asked.request(), storedPlan(draft, asked));
            case TermAsked asked -> {
                // Who serves no epoch any more has no say in how the job ends.
                Reply allowed = mayWrite(draft, asked.jm(), asked.epoch());
                if (allowed instanceof Reply.Fenced) {
                    draft.answer(asked.request(), allowed);
                } else {
                    job.note(draft, asked);
                }
            }
            case AddressesAsked asked ->
                    draft.answer(asked.request(), leaderAddresses.asked(draft));
        }
    }

    private static void register(Draft draft, Registered registered) {
        if (draft.state.phase == Phase.STEPPING_DOWN) {
            draft.answer(registered.request(), gateClosed(draft));
            return;
        }
        Registration registration = registered.registration();
        if (!registration.equals(draft.gate.registration)) {
            draft.gate.registration = registration;
            if (draft.gate.served == null) {
                draft.gate.start = null;
            }
            if (draft.state.phase == Phase.CONTENDING) {
                draft.lease.nextAt = draft.now;
            }
        }
        draft.gate.probeAgain |= draft.gate.probing;
        draft.probe();
        draft.answer(registered.request(), new Reply.Wait(new WaitReason.Registered()));
    }

    private Reply gate(Draft draft, GatePolled poll) {
        if (draft.state.phase == Phase.STEPPING_DOWN) {
            return gateClosed(draft);
        }
        if (poll.jm().equals(draft.process.condemned)) {
            return new Reply.Halt(
                    ExitCode.GATE_CLOSED.code(), new Refusal.GateClosed(draft.process.detail));
        }
        boolean serves =
                poll.jm().equals(draft.gate.served) && draft.gate.servedEpoch == draft.lease.epoch;
        if (poll.epoch() > 0) {
            if (serves && poll.epoch() == draft.lease.epoch) {
                return open(draft, false);
            }
            return notServing(draft, poll);
        }
        if (serves) {
            // The reply with the grant was lost.
            return open(draft, true);
        }
        Registration registration = draft.state.liveRegistration();
        if (registration == null || !registration.jm().equals(poll.jm())) {
            Registration known = draft.gate.registration;
            return known != null && known.jm().equals(poll.jm())
                    ? new Reply.Wait(new WaitReason.LockIsLookedAt())
                    : new Reply.Unregistered(
                            "this agent process does not know %s".formatted(poll.jm()));
        }
        if (draft.state.refusal != null) {
            return new Reply.Halt(ExitCode.REFUSED.code(), draft.state.refusal);
        }
        if (draft.state.wishes().isPaused()) {
            return new Reply.Wait(new WaitReason.Paused());
        }
        if (draft.job.signal instanceof Signal.GiveUp) {
            return new Reply.Wait(new WaitReason.JobIsToldToFail());
        }
        Start start = draft.gate.start;
        if (draft.state.phase != Phase.OPENING
                || start == null
                || draft.gate.startEdit > draft.manifest.committedEdit) {
            return new Reply.Wait(waitReason(draft), standby.ahead(draft));
        }
        if (start instanceof Start.Halt halt) {
            return new Reply.Halt(halt.code().code(), halt.refusal());
        }
        draft.gate.served = poll.jm();
        draft.gate.servedEpoch = draft.lease.epoch;
        return open(draft, true);
    }

    /**
     * A process that serves an epoch, but not this agent's, or not as far as this agent knows yet.
     */
    private Reply notServing(Draft draft, GatePolled poll) {
        boolean owner = draft.gate.lock instanceof Lock.Held held && held.owner().equals(poll.jm());
        if (draft.state.phase == Phase.REATTACHING && owner && poll.epoch() == draft.lease.epoch) {
            if (draft.lease.confirmed != draft.lease.epoch) {
                return new Reply.Wait(new WaitReason.LeaseIsRenewed());
            }
            draft.gate.served = poll.jm();
            draft.gate.servedEpoch = draft.lease.epoch;
            draft.lead();
            return open(draft, false);
        }
        if (draft.state.phase == Phase.CONTENDING) {
            return new Reply.Wait(new WaitReason.NotLeading());
        }
        if (draft.state.phase == Phase.REATTACHING && poll.epoch() == draft.lease.epoch) {
            return new Reply.Wait(new WaitReason.LockIsLookedAt());
        }
        return new Reply.Halt(
                ExitCode.GATE_CLOSED.code(),
                new Refusal.GateClosed(
                        "epoch %d is over, this agent is at %d"
                                .formatted(poll.epoch(), draft.lease.epoch)));
    }

    private Reply open(Draft draft, boolean withStart) {
        long deadline = draft.state.deadline();
        draft.gate.until = Math.max(draft.gate.until, deadline);
        return new Reply.Open(
                draft.lease.epoch,
                incarnation.session(draft.lease.epoch),
                (deadline - draft.now) / 1_000_000,
                withStart ? draft.gate.start : null,
                draft.leaderAddresses.offered == null);
    }

    private static Reply gateClosed(Draft draft) {
        Verdict verdict = draft.state.verdict;
        return new Reply.Halt(
                ExitCode.GATE_CLOSED.code(),
                new Refusal.GateClosed(verdict == null ? "the gate is closed" : verdict.reason()));
    }

    private static WaitReason waitReason(Draft draft) {
        return switch (draft.state.phase) {
            case CONTENDING -> {
                if (draft.manifest.stock != null) {
                    yield new WaitReason.StockLockIsWatched();
                }
                yield draft.lease.record == null || !draft.lease.record.held()
                        ? new WaitReason.LeaseIsFree()
                        : new WaitReason.LeaseIsHeld(draft.lease.record.holder());
            }
            case CLAIMING -> new WaitReason.EpochIsClaimed(draft.lease.epoch);
            case OPENING -> {
                if (draft.gate.start != null) {
                    yield new WaitReason.StartIsRecorded();
                }
                yield JobSteps.isUndecided(draft)
                        ? new WaitReason.JobIsUndecided()
                        : draft.manifest.wanted != null && draft.manifest.wanted.run() == null
                                ? new WaitReason.CopyIsSought()
                                : new WaitReason.PlanIsChecked();
            }
            case REATTACHING, LEADING -> new WaitReason.OtherProcessServes();
            case STEPPING_DOWN, TERMINATED -> new WaitReason.GateIsClosed();
        };
    }

    private static void offerAddresses(Draft draft, AddressesOffered offer) {
        Reply reply = mayWrite(draft, offer.jm(), offer.epoch());
        if (reply instanceof Reply.Done) {
            if (!offer.addresses().equals(draft.leaderAddresses.offered)) {
                draft.leaderAddresses.offered = offer.addresses();
                draft.leaderAddresses.nextAt = draft.now;
            }
            draft.lead();
        }
        draft.answer(offer.request(), reply);
    }

    private static void offerChange(Draft draft, ChangeOffered offer) {
        Reply allowed = mayWrite(draft, offer.jm(), offer.epoch());
        Manifest wanted = draft.manifest.wanted;
        if (!(allowed instanceof Reply.Done) || wanted == null) {
            draft.answer(
                    offer.request(),
                    wanted == null ? new Reply.Unavailable("not leading yet") : allowed);
            return;
        }
        if (draft.manifest.waiters.size() >= ManifestSteps.MAX_WAITERS) {
            draft.answer(offer.request(), new Reply.Unavailable("too many offers wait already"));
            return;
        }
        switch (ManifestRules.apply(wanted, offer.change())) {
            case ManifestRules.Applied.Refused refused ->
                    draft.answer(offer.request(), new Reply.Refused(refused.refusal()));
            case ManifestRules.Applied.Ok ok -> {
                draft.manifest.want(ok.manifest());
                Reply reply =
                        switch (offer.change()) {
                            case Change.ReserveIds reserve ->
                                    new Reply.Reserved(ok.manifest().reservedTo());
                            case Change.RetireRuns retire ->
                                    new Reply.EarlierRuns(dueForSweep(ok.manifest().earlierRuns()));
                            default -> allowed;
                        };
                boolean end = offer.change() instanceof Change.RecordResult;
                draft.manifest.add(
                        new Waiter(
                                offer.request(), draft.manifest.wantedEdit, reply, draft.now, end));
            }
        }
    }

    /** All, if any: a kept state may refer to the files of a run that is still to be swept. */
    private static List<EarlierRun> dueForSweep(List<EarlierRun> earlier) {
        return earlier.stream().allMatch(EarlierRun::swept) ? List.of() : earlier;
    }

    /**
     * Only who leads knows that there is no plan. An agent that has just restarted does not: said
     * too early, "none" would make the JobManager reject a plan that lies there, and main() would
     * run.
     */
    private Reply storedPlan(Draft draft, PlanAsked asked) {
        if (asked.epoch() == 0) {
            Reply.Ahead ahead = standby.ahead(draft);
            return new Reply.StoredPlan(
                    ahead != null && ahead.jobId().equals(asked.jobId()) ? ahead.plan() : null);
        }
        Reply allowed = mayWrite(draft, asked.jm(), asked.epoch());
        Manifest manifest = draft.manifest.wanted;
        if (!(allowed instanceof Reply.Done) || manifest == null) {
            return manifest == null ? new Reply.Unavailable("not leading yet") : allowed;
        }
        Run run = manifest.run();
        boolean known = run != null && run.jobId().equals(asked.jobId());
        return new Reply.StoredPlan(known ? manifest.plan() : null);
    }

    /** Done, if this process may write in this epoch; else the answer that says why not. */
    private static Reply mayWrite(Draft draft, String jm, long epoch) {
        if (draft.state.leads()
                && epoch == draft.lease.epoch
                && jm.equals(draft.gate.served)
                && draft.gate.servedEpoch == epoch) {
            if (WitnessSteps.isBehind(draft)) {
                return new Reply.Unavailable("the copies in the storage are not read yet");
            }
            return new Reply.Done();
        }
        boolean undecided =
                draft.state.phase == Phase.CONTENDING || draft.state.phase == Phase.REATTACHING;
        if (undecided && (draft.lease.epoch == 0 || epoch == draft.lease.epoch)) {
            return new Reply.Unavailable("this agent process does not lead yet");
        }
        Verdict verdict = draft.state.verdict;
        if (verdict != null) {
            return new Reply.Fenced(verdict.reason());
        }
        return new Reply.Fenced(
                "epoch %d of %s is over, this agent is at %d"
                        .formatted(epoch, jm, draft.lease.epoch));
    }

    /**
     * A JobManager that ended makes a new epoch at once; so does one that took the place of the one
     * expected back.
     */
    void followDeath(Draft draft) {
        boolean handsOver = standby.isNamed(draft);
        boolean ended =
                switch (draft.state.phase) {
                    case OPENING, LEADING ->
                            draft.state.servedIsDead()
                                    && (draft.gate.served != null
                                            || (handsOver && draft.state.nobodyLives()));
                    case REATTACHING ->
                            draft.state.nobodyLives() || draft.state.liveRegistration() != null;
                    case CONTENDING, CLAIMING, STEPPING_DOWN, TERMINATED -> false;
                };
        if (!ended) {
            return;
        }
        Manifest committed = draft.manifest.committed;
        boolean jobIsOver = committed != null && committed.result() != null;
        boolean leaving = draft.now < draft.job.leavingUntil;
        if (handsOver && !jobIsOver && draft.state.liveRegistration() == null) {
            standby.handOver(draft, leaving);
            return;
        }
        if ((jobIsOver || leaving) && draft.state.liveRegistration() == null) {
            // Nothing will be led any more, unless a JobManager asks. An agent that is stopped
            // between the Lease and the manifest of a new epoch could not release the Lease, and
            // the next pod would have to wait for its end.
            return;
        }
        draft.process.killedBefore = draft.process.killed(draft.gate.served);
        draft.beginEpoch(draft.lease.epoch + 1, draft.now);
    }
}
