package io.flinkha.agent.core;

import io.flinkha.agent.core.Event.ManifestEvent;
import io.flinkha.agent.core.Event.ManifestFailed;
import io.flinkha.agent.core.Event.ManifestRead;
import io.flinkha.agent.core.Event.ManifestWritten;
import io.flinkha.agent.core.Verdict.Cause;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.StockWatch;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.core.restart.KillCause;
import io.flinkha.agent.core.restart.Refusal;
import io.flinkha.agent.core.restart.RestartPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The manifest: the claim of an epoch, and the commits of what the JobManager offers. */
final class ManifestSteps {
    /** More unanswered offers than one JobManager can have. */
    static final int MAX_WAITERS = 64;

    private static final long WAITER_PATIENCE_NANOS = 30_000_000_000L;

    private final Settings settings;
    private final Incarnation incarnation;

    ManifestSteps(Settings settings, Incarnation incarnation) {
        this.settings = settings;
        this.incarnation = incarnation;
    }

    /** Returns whether a contender now knows the manifest that goes with the Lease it saw. */
    boolean note(Draft draft, ManifestEvent answer) {
        Call call = draft.manifest.answered(answer.call());
        if (call == null) {
            return false;
        }
        switch (answer) {
            case ManifestRead read -> {
                draft.manifest.reread = false;
                if (draft.state.phase == Phase.CONTENDING) {
                    boolean known = noteAsContender(draft, read);
                    if (draft.manifest.ahead) {
                        // Whoever leads mends it, or is told of it.
                        draft.manifest.ahead = false;
                        draft.state.refusal = null;
                        return false;
                    }
                    return known;
                }
                noteAsHolder(draft, read);
            }
            case ManifestWritten written -> {
                draft.manifest.version = written.version();
                if (call.kind() == Call.Kind.WRITE) {
                    noteCommitted(draft);
                } else {
                    draft.manifest.learnedBefore = draft.state.nextCall;
                }
            }
            case ManifestFailed failure -> failed(draft, call, failure.outcome());
        }
        return false;
    }

    void failed(Draft draft, Call call, Outcome outcome) {
        draft.manifest.readAgainAt(draft.now + settings.pauseAfter(outcome).toNanos());
    }

    private boolean noteAsContender(Draft draft, ManifestRead read) {
        draft.manifest.publishedEpoch = read.publishedEpoch();
        draft.manifest.stockAddresses = read.stock().addresses();
        draft.manifest.stock =
                StockWatch.after(draft.manifest.stock, read.stock().lock(), draft.now);
        draft.state.refusal = null;
        switch (read.view()) {
            case ManifestView.Present present -> {
                draft.manifest.committed = present.manifest();
                draft.manifest.version = present.version();
            }
            case ManifestView.Absent absent -> {
                draft.manifest.committed = Manifest.EMPTY;
                draft.manifest.version = null;
            }
            case ManifestView.Garbled garbled -> {
                draft.state.refusal = new Refusal.ManifestUnreadable(garbled.reason());
                return false;
            }
            case ManifestView.Newer newer -> {
                draft.state.refusal = new Refusal.ManifestOfNewerAgent(newer.reason());
                return false;
            }
        }
        Manifest copy = draft.witness.copy;
        draft.witness.passedOver = null;
        if (copy != null && copy.isNewerThan(draft.manifest.committed)) {
            draft.witness.passedOver = draft.manifest.committed;
            draft.manifest.committed = copy;
        }
        draft.manifest.wanted = draft.manifest.committed;
        long witness = read.publishedEpoch();
        LeaseRecord lease = draft.lease.record;
        if (lease != null) {
            witness = Math.max(witness, lease.claimed());
        }
        if (witness > draft.manifest.committed.epoch()) {
            draft.state.refusal =
                    new Refusal.ManifestLost(draft.manifest.committed.epoch(), witness);
            return false;
        }
        return !stockMayLead(draft);
    }

    /** Two kinds of HA that lead one cluster-id would be two JobManagers of one job. */
    private boolean stockMayLead(Draft draft) {
        StockWatch stock = draft.manifest.stock;
        if (stock == null || draft.now - stock.since() >= settings.leaseDuration().toNanos()) {
            return false;
        }
        if (stock.renewed()) {
            draft.state.refusal = new Refusal.StockHaLeads(stock.lock());
        }
        return true;
    }

    /**
     * A write failed, or its outcome is unknown: what is there now? Memory is the truth only for
     * who has claimed: before that, whatever changed may have been changed by another one who led.
     */
    private void noteAsHolder(Draft draft, ManifestRead read) {
        if (draft.state.phase == Phase.STEPPING_DOWN) {
            return;
        }
        draft.manifest.learnedBefore = draft.state.nextCall;
        boolean claimedOnce = draft.manifest.claimed > 0;
        long published = read.publishedEpoch();
        if (published > draft.lease.epoch || (published == draft.lease.epoch && !claimedOnce)) {
            // The manifest itself may have been rolled back since: an older one is no proof that
            // this epoch is the newest.
            fenced(draft, "the leader ConfigMap is of epoch %d".formatted(published));
            return;
        }
        switch (read.view()) {
            case ManifestView.Absent absent -> {
                if (!claimedOnce && draft.manifest.version != null) {
                    fenced(
                            draft,
                            "the manifest was deleted before epoch %d was claimed"
                                    .formatted(draft.lease.epoch));
                }
                draft.manifest.version = null;
            }
            case ManifestView.Garbled garbled -> {
                if (!claimedOnce) {
                    fenced(
                            draft,
                            "the manifest became unreadable before epoch %d was claimed"
                                    .formatted(draft.lease.epoch));
                }
                draft.manifest.version = garbled.version();
            }
            // Even what this epoch has claimed is not written over: who follows may depend on it.
            case ManifestView.Newer newer ->
                    fenced(
                            draft,
                            "a newer agent wrote the manifest (%s)".formatted(newer.reason()));
            case ManifestView.Present present -> {
                Manifest found = present.manifest();
                draft.manifest.version = present.version();
                if (found.equals(draft.manifest.attempted)) {
                    noteCommitted(draft);
                } else if (found.epoch() > draft.lease.epoch
                        || (found.epoch() == draft.lease.epoch && !draft.state.isClaimed())) {
                    fenced(draft, "the manifest was claimed by epoch %d".formatted(found.epoch()));
                } else if (draft.manifest.committedEdit == 0
                        && !found.equals(draft.manifest.committed)
                        && !olderThanKnown(draft, found)) {
                    // Whoever led before, be it this pod's last agent, may have committed after our
                    // first look.
                    draft.adopt(found);
                }
                // Else ours is the truth: an older or edited manifest is written over from memory.
            }
        }
        draft.manifest.nextAt = draft.now;
    }

    private static void fenced(Draft draft, String reason) {
        draft.stepDown(Cause.FENCED, reason);
    }

    private static boolean olderThanKnown(Draft draft, Manifest found) {
        Manifest known = draft.manifest.committed;
        return known != null && found.sequence() < known.sequence();
    }

    private static void noteCommitted(Draft draft) {
        Manifest attempted = draft.manifest.attempted;
        if (attempted == null) {
            return;
        }
        draft.manifest.attempted = null;
        Manifest committed = draft.manifest.committed;
        if (committed == null || attempted.isNewerThan(committed)) {
            draft.manifest.committed = attempted;
            draft.manifest.committedEdit = draft.manifest.attemptedEdit;
            draft.manifest.owed = false;
        }
        if (draft.state.phase == Phase.STEPPING_DOWN) {
            return;
        }
        if (attempted.epoch() == draft.lease.epoch && !draft.state.isClaimed()) {
            draft.manifest.claimed = draft.lease.epoch;
            draft.lease.nextAt = draft.now;
        }
    }

    /** Answers whose change was seen committed, and on whose end the Job was told what is due. */
    void answer(Draft draft) {
        List<Waiter> left = new ArrayList<>();
        for (Waiter waiter : draft.manifest.waiters) {
            // A Job cannot complete without the API server; whoever looks then finds the result.
            boolean mayEnd = !draft.manifest.owed && JobSteps.mayEnd(draft, waiter);
            if (waiter.edit() <= draft.manifest.committedEdit && (!waiter.end() || mayEnd)) {
                draft.answer(waiter.request(), waiter.reply());
            } else {
                left.add(waiter);
            }
        }
        draft.manifest.waiters = List.copyOf(left);
    }

    /**
     * Once the Lease carries the epoch, the manifest has to; before it is confirmed no gate opens.
     */
    void claim(Draft draft) {
        LeaseRecord lease = draft.lease.record;
        Manifest wanted = draft.manifest.wanted;
        if (draft.state.phase != Phase.CLAIMING
                || lease == null
                || wanted == null
                || lease.epoch() != draft.lease.epoch
                || !lease.holder().equals(incarnation.holder())
                || wanted.epoch() == draft.lease.epoch
                || !WitnessSteps.mayClaim(draft)) {
            return;
        }
        Manifest copy = draft.witness.copy;
        if (copy != null && draft.witness.bound && copy.isNewerThan(wanted)) {
            draft.goOnFrom(copy);
            wanted = copy;
        } else if (draft.witness.passedOver != null) {
            draft.witness.healed = draft.witness.passedOver;
            draft.witness.passedOver = null;
        }
        KillCause killed = draft.process.killedBefore;
        String ended =
                draft.state.wishes().isPaused()
                        ? RestartPolicy.ENDED_PAUSED
                        : killed != null ? killed.reason() : RestartPolicy.PROCESS_ENDED;
        String reason =
                draft.manifest.claimed == 0 ? RestartPolicy.taken(draft.lease.endedBefore) : ended;
        draft.manifest.want(
                wanted.withHoldSeconds(WitnessSteps.ownHold(draft, settings))
                        .claimedBy(
                                new Leadership(
                                        draft.lease.epoch,
                                        incarnation.holder(),
                                        Instant.ofEpochMilli(draft.moment.wallMillis()).toString(),
                                        reason)));
        draft.manifest.nextAt = draft.now;
    }

    void write(Draft draft) {
        sayHold(draft);
        Manifest wanted = draft.manifest.wanted;
        Manifest committed = draft.manifest.committed;
        boolean nothingNew =
                draft.manifest.wantedEdit == draft.manifest.committedEdit && !draft.manifest.owed;
        if (draft.manifest.call != null
                || draft.now < draft.manifest.nextAt
                || nothingNew
                || (draft.state.isClaimed() && WitnessSteps.isBehind(draft))
                || wanted == null
                || committed == null
                || wanted.epoch() != draft.lease.epoch) {
            return;
        }
        if (draft.manifest.reread) {
            draft.emit(new Action.ReadManifest(draft.send(draft.manifest, Call.Kind.READ)));
            return;
        }
        if (draft.manifest.version == null) {
            draft.emit(
                    new Action.CreateEmptyManifest(draft.send(draft.manifest, Call.Kind.CREATE)));
            return;
        }
        if (draft.state.claimWaitsForLease()) {
            return;
        }
        long last = Math.max(committed.sequence(), draft.copies.lastSequence);
        draft.manifest.attempted = wanted.withSequence(last + 1);
        draft.manifest.attemptedEdit = draft.manifest.wantedEdit;
        draft.emit(
                new Action.WriteManifest(
                        draft.send(draft.manifest, Call.Kind.WRITE),
                        draft.manifest.attempted,
                        draft.manifest.version));
    }

    /** The storage was proven after the claim: whoever comes next has to know. */
    private void sayHold(Draft draft) {
        Manifest wanted = draft.manifest.wanted;
        long own = WitnessSteps.ownHold(draft, settings);
        if (wanted != null
                && own > 0
                && draft.state.isClaimed()
                && wanted.epoch() == draft.lease.epoch
                && wanted.holdSeconds() != own) {
            draft.manifest.want(wanted.withHoldSeconds(own));
        }
    }

    /** Its caller has given up long ago and asks again. */
    void dropImpatient(Draft draft) {
        List<Waiter> left = new ArrayList<>();
        for (Waiter waiter : draft.manifest.waiters) {
            if (draft.now - waiter.since() >= WAITER_PATIENCE_NANOS) {
                draft.answer(
                        waiter.request(),
                        new Reply.Unavailable("the manifest could not be written yet"));
            } else {
                left.add(waiter);
            }
        }
        draft.manifest.waiters = List.copyOf(left);
    }
}
