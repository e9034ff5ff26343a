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

    void expireCall(Draft draft) {
        Call call = draft.manifestCall;
        if (call != null && draft.now - call.sentAt() >= settings.callTimeout().toNanos()) {
            failed(draft, Outcome.UNKNOWN);
        }
        dropImpatient(draft);
    }

    /** Returns whether a contender now knows the manifest that goes with the Lease it saw. */
    boolean note(Draft draft, ManifestEvent answer) {
        Call call = draft.manifestCall;
        if (call == null || call.id() != answer.call()) {
            return false;
        }
        draft.manifestCall = null;
        switch (answer) {
            case ManifestRead read -> {
                draft.manifestReread = false;
                if (draft.phase == Phase.CONTENDING) {
                    return noteAsContender(draft, read);
                }
                noteAsHolder(draft, read);
            }
            case ManifestWritten written -> {
                draft.version = written.version();
                if (call.kind() == Call.Kind.WRITE) {
                    noteCommitted(draft);
                }
            }
            case ManifestFailed failure -> failed(draft, failure.outcome());
        }
        return false;
    }

    private void failed(Draft draft, Outcome outcome) {
        draft.manifestCall = null;
        draft.manifestReread = true;
        draft.manifestAt = draft.now + settings.pauseAfter(outcome).toNanos();
    }

    private boolean noteAsContender(Draft draft, ManifestRead read) {
        draft.publishedEpoch = read.publishedEpoch();
        draft.stockAddresses = read.stock().addresses();
        draft.stock = StockWatch.after(draft.stock, read.stock().lock(), draft.now);
        draft.refusal = null;
        switch (read.view()) {
            case ManifestView.Present present -> {
                draft.committed = present.manifest();
                draft.version = present.version();
            }
            case ManifestView.Absent absent -> {
                draft.committed = Manifest.EMPTY;
                draft.version = null;
            }
            case ManifestView.Garbled garbled -> {
                draft.refusal =
                        "the manifest cannot be read (%s). Put a good one back; or keep a copy of it, delete it, and take the one in the storage by the agent's command restore-from-storage; or start empty after its command purge."
                                .formatted(garbled.reason());
                return false;
            }
            case ManifestView.Newer newer -> {
                draft.refusal =
                        "a newer flink-ha-agent wrote the manifest (%s). Use that release or a later one; or, to stay with this one, keep a copy of the manifest, delete it, and take a copy in the storage that this release wrote by the agent's command restore-from-storage --object; or start empty after its command purge."
                                .formatted(newer.reason());
                return false;
            }
        }
        draft.wanted = draft.committed;
        long witness = read.publishedEpoch();
        LeaseRecord lease = draft.seen;
        if (lease != null) {
            witness = Math.max(witness, lease.claimed());
        }
        if (witness > draft.committed.epoch()) {
            draft.refusal =
                    "the manifest is of epoch %d, but epoch %d was claimed before: it was lost or rolled back. Put the newer one back; or take the copy in the storage by the agent's command restore-from-storage; or start empty after its command purge."
                            .formatted(draft.committed.epoch(), witness);
            return false;
        }
        return !stockMayLead(draft);
    }

    /** Two kinds of HA that lead one cluster-id would be two JobManagers of one job. */
    private boolean stockMayLead(Draft draft) {
        StockWatch stock = draft.stock;
        if (stock == null || draft.now - stock.since() >= settings.leaseDuration().toNanos()) {
            return false;
        }
        if (stock.renewed()) {
            draft.refusal =
                    "a JobManager with Flink's own Kubernetes HA leads this cluster-id (its lock on the leader ConfigMap is being renewed: %s). Stop it first, with a savepoint or with retained checkpoints, and name that state in flink-ha.restore.path."
                            .formatted(stock.lock());
        }
        return true;
    }

    /**
     * A write failed, or its outcome is unknown: what is there now? Memory is the truth only for
     * who has claimed: before that, whatever changed may have been changed by another one who led.
     */
    private void noteAsHolder(Draft draft, ManifestRead read) {
        if (draft.phase == Phase.STEPPING_DOWN) {
            return;
        }
        boolean claimedOnce = draft.claimed > 0;
        long published = read.publishedEpoch();
        if (published > draft.epoch || (published == draft.epoch && !claimedOnce)) {
            // The manifest itself may have been rolled back since: an older one is no proof that
            // this epoch is the newest.
            fenced(draft, "the leader ConfigMap is of epoch %d".formatted(published));
            return;
        }
        switch (read.view()) {
            case ManifestView.Absent absent -> {
                if (!claimedOnce && draft.version != null) {
                    fenced(
                            draft,
                            "the manifest was deleted before epoch %d was claimed"
                                    .formatted(draft.epoch));
                }
                draft.version = null;
            }
            case ManifestView.Garbled garbled -> {
                if (!claimedOnce) {
                    fenced(
                            draft,
                            "the manifest became unreadable before epoch %d was claimed"
                                    .formatted(draft.epoch));
                }
                draft.version = garbled.version();
            }
            // Even what this epoch has claimed is not written over: who follows may depend on it.
            case ManifestView.Newer newer ->
                    fenced(
                            draft,
                            "a newer agent wrote the manifest (%s)".formatted(newer.reason()));
            case ManifestView.Present present -> {
                Manifest found = present.manifest();
                draft.version = present.version();
                if (found.equals(draft.attempted)) {
                    noteCommitted(draft);
                } else if (found.epoch() > draft.epoch
                        || (found.epoch() == draft.epoch && draft.claimed != draft.epoch)) {
                    fenced(draft, "the manifest was claimed by epoch %d".formatted(found.epoch()));
                } else if (draft.committedEdit == 0
                        && !found.equals(draft.committed)
                        && !olderThanKnown(draft, found)) {
                    adopt(draft, found);
                }
                // Else ours is the truth: an older or edited manifest is written over from memory.
            }
        }
        draft.manifestAt = draft.now;
    }

    private static void fenced(Draft draft, String reason) {
        AgentMachine.stepDown(draft, Cause.FENCED, reason);
    }

    /**
     * Nothing in it is of this process yet: whoever led before, be it this pod's last agent, may
     * have committed after our first look. What was offered meanwhile has to be offered again, on
     * top of that.
     */
    private static void adopt(Draft draft, Manifest found) {
        draft.committed = found;
        draft.wanted = found;
        draft.wantedEdit = draft.committedEdit;
        draft.attempted = null;
        for (Waiter waiter : draft.waiters) {
            draft.answer(
                    waiter.request(), new Reply.Unavailable("the manifest has changed meanwhile"));
        }
        draft.waiters = new ArrayList<>();
    }

    private static boolean olderThanKnown(Draft draft, Manifest found) {
        Manifest known = draft.committed;
        return known != null && found.sequence() < known.sequence();
    }

    private static void noteCommitted(Draft draft) {
        Manifest attempted = draft.attempted;
        if (attempted == null) {
            return;
        }
        draft.committed = attempted;
        draft.committedEdit = draft.attemptedEdit;
        draft.attempted = null;
        if (draft.phase == Phase.STEPPING_DOWN) {
            return;
        }
        if (attempted.epoch() == draft.epoch && draft.claimed != draft.epoch) {
            draft.claimed = draft.epoch;
            draft.leaseAt = draft.now;
        }
    }

    /** Answers whose change was seen committed, and on whose end the Job was told what is due. */
    void answer(Draft draft) {
        List<Waiter> left = new ArrayList<>();
        for (Waiter waiter : draft.waiters) {
            if (waiter.edit() <= draft.committedEdit
                    && (!waiter.end() || JobSteps.mayEnd(draft, waiter))) {
                draft.answer(waiter.request(), waiter.reply());
            } else {
                left.add(waiter);
            }
        }
        draft.waiters = left;
    }

    /**
     * Once the Lease carries the epoch, the manifest has to; before it is confirmed no gate opens.
     */
    void claim(Draft draft) {
        LeaseRecord lease = draft.seen;
        Manifest wanted = draft.wanted;
        if (draft.phase != Phase.CLAIMING
                || lease == null
                || wanted == null
                || lease.epoch() != draft.epoch
                || !lease.holder().equals(incarnation.holder())
                || wanted.epoch() == draft.epoch) {
            return;
        }
        String ended =
                draft.wishes().isPaused()
                        ? RestartPolicy.ENDED_PAUSED
                        : RestartPolicy.PROCESS_ENDED;
        String reason = draft.claimed == 0 ? "the agent took the Lease" : ended;
        draft.wanted =
                wanted.claimedBy(
                        new Leadership(
                                draft.epoch,
                                incarnation.holder(),
                                Instant.ofEpochMilli(draft.moment.wallMillis()).toString(),
                                reason));
        draft.wantedEdit++;
        draft.manifestAt = draft.now;
    }

    void write(Draft draft) {
        Manifest wanted = draft.wanted;
        Manifest committed = draft.committed;
        if (draft.manifestCall != null
                || draft.now < draft.manifestAt
                || draft.wantedEdit == draft.committedEdit
                || wanted == null
                || committed == null
                || wanted.epoch() != draft.epoch) {
            return;
        }
        if (draft.manifestReread) {
            draft.manifestCall = draft.call(Call.Kind.READ);
            draft.emit(new Action.ReadManifest(draft.manifestCall.id()));
            return;
        }
        if (draft.version == null) {
            draft.manifestCall = draft.call(Call.Kind.CREATE);
            draft.emit(new Action.CreateEmptyManifest(draft.manifestCall.id()));
            return;
        }
        draft.attempted = wanted.withSequence(committed.sequence() + 1);
        draft.attemptedEdit = draft.wantedEdit;
        draft.manifestCall = draft.call(Call.Kind.WRITE);
        draft.emit(
                new Action.WriteManifest(draft.manifestCall.id(), draft.attempted, draft.version));
    }

    static void abandonWrite(Draft draft) {
        if (draft.manifestCall != null) {
            draft.manifestCall = null;
            draft.manifestReread = true;
            draft.manifestAt = draft.now;
        }
    }

    static void dismissWaiters(Draft draft, String reason) {
        for (Waiter waiter : draft.waiters) {
            draft.answer(waiter.request(), new Reply.Fenced(reason));
        }
        draft.waiters = new ArrayList<>();
    }

    /** Its caller has given up long ago and asks again. */
    private static void dropImpatient(Draft draft) {
        List<Waiter> left = new ArrayList<>();
        for (Waiter waiter : draft.waiters) {
            if (draft.now - waiter.since() >= WAITER_PATIENCE_NANOS) {
                draft.answer(
                        waiter.request(),
                        new Reply.Unavailable("the manifest could not be written yet"));
            } else {
                left.add(waiter);
            }
        }
        draft.waiters = left;
    }
}
