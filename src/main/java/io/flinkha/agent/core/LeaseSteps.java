package io.flinkha.agent.core;

import io.flinkha.agent.core.Event.LeaseEvent;
import io.flinkha.agent.core.Event.LeaseFailed;
import io.flinkha.agent.core.Event.LeaseRead;
import io.flinkha.agent.core.Event.LeaseWritten;
import io.flinkha.agent.core.Verdict.Cause;
import io.flinkha.agent.core.lease.ElectionRules;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The Lease: what is read from it and written to it. */
final class LeaseSteps {
    /** How long after the gate's deadline an agent that steps down still waits for the lock. */
    private static final Duration DEATH_GRACE = Duration.ofSeconds(5);

    private static final Verdict RELEASED = new Verdict(Cause.STOPPED, "released");

    private final Settings settings;
    private final Incarnation incarnation;

    private final PodSteps pods;
    private final WitnessSteps witness;
    private final StandbySteps standby;

    LeaseSteps(
            Settings settings,
            Incarnation incarnation,
            PodSteps pods,
            WitnessSteps witness,
            StandbySteps standby) {
        this.settings = settings;
        this.incarnation = incarnation;
        this.pods = pods;
        this.witness = witness;
        this.standby = standby;
    }

    void note(Draft draft, LeaseEvent answer) {
        Call call = draft.lease.answered(answer.call());
        if (call == null) {
            return;
        }
        switch (answer) {
            case LeaseRead read -> noteRead(draft, read.lease());
            case LeaseWritten written -> noteWritten(draft, call, written.lease());
            case LeaseFailed failure -> failed(draft, call, failure.outcome());
        }
    }

    private void noteRead(Draft draft, @Nullable LeaseRecord lease) {
        if (draft.state.phase == Phase.STEPPING_DOWN) {
            return;
        }
        if (lease == null) {
            // A leader knows what it wrote, and the manifest says its hold, too: something else may
            // answer in the API server's place.
            draft.lease.record = draft.state.leads() ? draft.lease.record : null;
            draft.lease.reread = true;
            draft.emit(new Action.CreateEmptyLease(draft.send(draft.lease, Call.Kind.CREATE)));
        } else if (draft.state.phase == Phase.CONTENDING) {
            observe(draft, lease);
        } else {
            noteOwnLease(draft, lease);
        }
    }

    /**
     * A contender's look: the time for which the Lease is unchanged counts from the first look that
     * saw it so.
     */
    private void observe(Draft draft, LeaseRecord lease) {
        LeaseRecord before = draft.lease.record;
        if (before == null || !before.equals(lease)) {
            draft.lease.unchangedSince = draft.now;
            // Whoever changed it moved the other witnesses too: they are compared anew.
            draft.state.refusal = null;
        } else if (lease.holdSeconds() > 0
                && draft.now - draft.lease.seenAt > settings.renewDeadline().toNanos()) {
            // Its holder may have gone on by the storage while the API server answered nobody, and
            // must have the time to renew first.
            draft.lease.unchangedSince = draft.now;
        }
        draft.lease.seenAt = draft.now;
        draft.lease.record = lease;
        draft.lease.reread = false;
        long expiresAt =
                draft.lease.unchangedSince
                        + ElectionRules.durationNanos(lease, settings.leaseDuration().toNanos());
        draft.lease.nextAt =
                Math.max(
                        draft.now + settings.retryAfterFailure().toNanos(),
                        Math.min(draft.now + settings.retryPeriod().toNanos(), expiresAt));
        if (draft.lease.hinted) {
            draft.lease.hinted = false;
            draft.lease.nextAt = draft.now;
        }
        if (ElectionRules.couldBeTaken(lease, contender(draft))) {
            draft.manifest.ahead = false;
            draft.manifest.readAgainAt(draft.now);
        } else if (before == null || before.equals(lease)) {
            // One that renews has not ended.
            pods.askForHolder(draft);
        }
    }

    private ElectionRules.Contender contender(Draft draft) {
        return new ElectionRules.Contender(
                incarnation.holder(),
                draft.pods.deadHolder,
                draft.now - draft.lease.unchangedSince,
                settings.leaseDuration().toNanos());
    }

    /** A holder that reads its own Lease, because a write failed or its outcome is not known. */
    private void noteOwnLease(Draft draft, LeaseRecord lease) {
        boolean sameNonce = lease.nonce().equals(incarnation.nonce());
        boolean rival =
                lease.held()
                        ? !mine(lease) || !sameNonce
                        : lease.epoch() > draft.lease.epoch
                                || draft.manifest.claimed == 0
                                || (!lease.untouched()
                                        && !sameNonce
                                        && draft.state.phase != Phase.REATTACHING);
        boolean reattaching = draft.state.phase == Phase.REATTACHING && mine(lease);
        if (rival && !reattaching) {
            draft.stepDown(
                    Cause.LOST,
                    "the Lease is held by %s, epoch %d"
                            .formatted(lease.held() ? lease.holder() : "nobody", lease.epoch()));
            return;
        }
        // An empty holder here was cleared, or the object was deleted and made anew. The witnesses
        // know of the epoch that this process claimed, so whoever else sees it has to wait for the
        // whole lease duration, and this process, still within its deadline, renews over it. Before
        // its first claim it must not: another one may have taken the Lease at once, and lost it.
        draft.lease.record = lease;
        draft.lease.reread = false;
        draft.lease.nextAt = draft.now;
    }

    private void noteWritten(Draft draft, Call call, LeaseRecord lease) {
        if (call.kind() == Call.Kind.CREATE) {
            draft.lease.readAgainAt(draft.now);
            return;
        }
        draft.lease.record = lease;
        if (call.kind() == Call.Kind.OTHER) {
            // Its holder cannot have changed it meanwhile: for so long it is unchanged.
            return;
        }
        if (call.kind() == Call.Kind.RELEASE) {
            noteReleased(draft);
            return;
        }
        if (draft.state.phase == Phase.STEPPING_DOWN) {
            return;
        }
        draft.lease.reread = false;
        draft.lease.written = call.id();
        draft.lease.safeUntil =
                Math.max(draft.lease.safeUntil, call.sentAt() + settings.renewDeadline().toNanos());
        if (draft.now >= draft.state.deadline()) {
            draft.stepDown(Cause.LOST, "the Lease was written too late");
            return;
        }
        witness.noteRenewed(draft);
        draft.lease.nextAt = call.sentAt() + settings.retryPeriod().toNanos();
        if (draft.state.phase == Phase.CONTENDING) {
            draft.beginEpoch(lease.epoch(), draft.lease.nextAt);
        } else if (draft.lease.epoch > lease.epoch()) {
            draft.lease.nextAt = draft.now;
        } else if (draft.state.phase == Phase.REATTACHING) {
            draft.lease.confirmed = draft.lease.epoch;
        } else if (draft.state.phase == Phase.CLAIMING && draft.state.isClaimed()) {
            if (lease.claimed() == draft.lease.epoch) {
                witness.noteClaimed(draft);
                draft.open();
            } else {
                draft.lease.nextAt = draft.now;
            }
        }
    }

    /** Handed over, or given up for good. */
    private void noteReleased(Draft draft) {
        if (draft.state.phase == Phase.CONTENDING) {
            draft.lease.unchangedSince = draft.now;
            draft.lease.seenAt = draft.now;
            draft.lease.nextAt = draft.now + settings.retryPeriod().toNanos();
        } else {
            draft.terminate(RELEASED);
        }
    }

    void failed(Draft draft, Call call, Outcome outcome) {
        if (call.kind() == Call.Kind.RELEASE && draft.state.phase == Phase.STEPPING_DOWN) {
            draft.terminate(RELEASED);
            return;
        }
        LeaseRecord lease = draft.lease.record;
        if (draft.state.phase == Phase.CONTENDING
                && call.kind() == Call.Kind.WRITE
                && outcome != Outcome.CONFLICT
                && lease != null
                && lease.holdSeconds() > 0) {
            // An API server that reads and does not write keeps its holder from renewing, too.
            draft.lease.unchangedSince = draft.now;
        }
        draft.lease.readAgainAt(draft.now + settings.pauseAfter(outcome).toNanos());
    }

    void contend(Draft draft) {
        if (draft.lease.call != null || draft.manifest.call != null) {
            return;
        }
        if (draft.manifest.reread && draft.now >= draft.manifest.nextAt) {
            draft.emit(new Action.ReadManifest(draft.send(draft.manifest, Call.Kind.READ)));
        } else if (draft.now >= draft.lease.nextAt) {
            draft.emit(new Action.ReadLease(draft.send(draft.lease, Call.Kind.READ)));
        }
    }

    /** The manifest was read after the Lease: takes the Lease if the two together allow it. */
    void decide(Draft draft) {
        LeaseRecord lease = draft.lease.record;
        Manifest manifest = draft.manifest.committed;
        if (lease == null
                || manifest == null
                || draft.state.refusal != null
                || draft.state.stopBy > 0) {
            return;
        }
        long published = draft.manifest.publishedEpoch;
        if (!ElectionRules.mayTake(lease, contender(draft), manifest.epoch(), published)
                || !standby.mayTake(draft, lease)) {
            return;
        }
        draft.lease.endedBefore = lease.releasedInOrder() ? lease.ended() : "";
        draft.witness.asked = Math.max(lease.holdSeconds(), manifest.holdSeconds());
        draft.witness.bound = draft.witness.asked > 0 || WitnessSteps.ownHold(draft, settings) > 0;
        draft.witness.endSeen =
                ElectionRules.endIsSeen(lease, contender(draft), manifest.epoch(), published);
        if (!draft.witness.endSeen) {
            // Lease and manifest may both be of a backup from before there was a hold.
            long own = WitnessSteps.ownHold(draft, settings);
            draft.witness.asked = Math.max(draft.witness.asked, own);
        }
        draft.witness.copiesRead = false;
        draft.witness.call = null;
        draft.witness.nextAt = draft.now;
        draft.copies.call = null;
        draft.copies.nextAt = draft.now;
        if (draft.state.noUnknownJobManager()) {
            long epoch = ElectionRules.nextEpoch(lease.epoch(), manifest.epoch(), published);
            send(draft, epoch, lease.claimed(), lease);
        } else if (mine(lease)
                && lease.epoch() == lease.claimed()
                && lease.epoch() == manifest.epoch()) {
            // Until its own write is through, nothing is promised to the JobManager: this deadline
            // only keeps the attempt alive.
            draft.reattach(lease, manifest, draft.now + settings.renewDeadline().toNanos());
        } else {
            // A JobManager whose epoch is not known lives here: it halts by its own deadline, or
            // calls and is told so.
            draft.lease.nextAt =
                    Math.min(
                            draft.lease.nextAt, draft.now + settings.retryAfterFailure().toNanos());
        }
    }

    void renew(Draft draft) {
        boolean asked = draft.state.claimWaitsForLease() && !draft.lease.reread;
        if (draft.lease.call != null || (draft.now < draft.lease.nextAt && !asked)) {
            return;
        }
        LeaseRecord lease = draft.lease.record;
        if (draft.lease.reread || lease == null) {
            draft.emit(new Action.ReadLease(draft.send(draft.lease, Call.Kind.READ)));
        } else {
            long claimed = draft.state.isClaimed() ? draft.lease.epoch : lease.claimed();
            send(draft, draft.lease.epoch, claimed, lease);
        }
    }

    private void send(Draft draft, long epoch, long claimed, LeaseRecord over) {
        draft.emit(
                new Action.WriteLease(
                        draft.send(draft.lease, Call.Kind.WRITE),
                        new LeaseRecord(
                                        incarnation.holder(),
                                        incarnation.nonce(),
                                        epoch,
                                        claimed,
                                        0,
                                        settings.leaseDuration().toSeconds(),
                                        over.version())
                                .withHold(WitnessSteps.holdOnLease(draft, settings))
                                .withStandby(mine(over.standby()) ? "" : over.standby())));
    }

    /**
     * Gives the Lease back once the JobManager is dead, or leaves it to run out if that cannot be
     * seen in time.
     */
    void release(Draft draft) {
        if (draft.lease.call != null) {
            return;
        }
        LeaseRecord lease = draft.lease.record;
        // The mark vouches for the manifest's epoch: only who claimed that epoch may write it.
        boolean releasable =
                lease != null
                        && mine(lease)
                        && lease.nonce().equals(incarnation.nonce())
                        && lease.epoch() == draft.manifest.claimed;
        boolean neverLed = draft.lease.epoch == 0;
        if (!neverLed && !draft.state.noEpochIsServed()) {
            long last = Math.max(draft.gate.until, draft.state.stopBy) + DEATH_GRACE.toNanos();
            if (draft.now >= last) {
                draft.terminate(RELEASED);
            }
            return;
        }
        if (lease == null || !releasable) {
            draft.terminate(RELEASED);
            return;
        }
        draft.emit(
                new Action.ReleaseLease(
                        draft.send(draft.lease, Call.Kind.RELEASE), lease.released("")));
    }

    private boolean mine(LeaseRecord lease) {
        return mine(lease.holder());
    }

    private boolean mine(String holder) {
        return holder.equals(incarnation.holder());
    }
}
