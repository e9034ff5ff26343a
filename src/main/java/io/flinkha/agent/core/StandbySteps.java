package io.flinkha.agent.core;

import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.core.restart.KillCause;
import io.flinkha.agent.core.restart.RestartPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Two pods of one Job: one leads, the JobManager of the other one waits for the Lease and says so
 * there. The word on the Lease proves nothing: whoever hands over to a pod that is gone goes on
 * itself, as soon as its own next JobManager has registered.
 */
final class StandbySteps {
    private static final Duration LOOK_AHEAD_AGAIN = Duration.ofSeconds(60);

    /** A run's plan is stored a moment after its epoch began. */
    private static final Duration PLAN_IS_SOUGHT = Duration.ofSeconds(10);

    /** A pod that stands by and lives takes a Lease in some hundredths of a second. */
    private static final Duration TAKEN_BY = Duration.ofMillis(200);

    /** As long as the supervisor waits at most. */
    private static final Duration TAKES_OVER_FOR = Duration.ofSeconds(3);

    private final Settings settings;
    private final Incarnation incarnation;

    StandbySteps(Settings settings, Incarnation incarnation) {
        this.settings = settings;
        this.incarnation = incarnation;
    }

    /** A leader that knows who stands by hands over with its JobManager's end. */
    void noteHint(Draft draft) {
        boolean contends = draft.state.phase == Phase.CONTENDING;
        if (draft.lease.call != null) {
            draft.lease.hinted = contends;
        } else if (contends) {
            draft.lease.nextAt = draft.now;
        } else if (draft.state.leads()) {
            draft.lease.readAgainAt(draft.now);
        }
    }

    /**
     * Of two pods that one leads first whose JobManager can be let in. Where none comes, somebody
     * has to lead who counts the ends; and what this pod holds already is waited for by the other.
     */
    boolean mayTake(Draft draft, LeaseRecord lease) {
        return !settings.standby()
                || lease.holder().equals(incarnation.holder())
                || draft.state.liveRegistration() != null
                || draft.now - draft.lease.contendsSince >= settings.leaseDuration().toNanos();
    }

    /** Says on the Lease whether this pod stands by, and looks at what it would go on with. */
    void contend(Draft draft) {
        if (draft.lease.contendsSince == 0) {
            draft.lease.contendsSince = draft.now;
        }
        LeaseRecord lease = draft.lease.record;
        if (!settings.standby()
                || lease == null
                || draft.lease.call != null
                || draft.lease.reread) {
            return;
        }
        boolean ready = draft.state.liveRegistration() != null && draft.state.refusal == null;
        boolean led = lease.held() && !lease.holder().equals(incarnation.holder());
        boolean named = lease.standby().equals(incarnation.holder());
        if (named && !ready) {
            name(draft, lease, "");
        } else if (ready && led && !named && mayName(draft, lease)) {
            draft.lease.namedIn = lease.epoch();
            name(draft, lease, incarnation.holder());
        }
        if (ready && led && draft.now >= draft.manifest.aheadAt && !draft.manifest.reread) {
            draft.manifest.ahead = true;
            draft.manifest.aheadAt =
                    draft.now
                            + (ahead(draft) == null ? PLAN_IS_SOUGHT : LOOK_AHEAD_AGAIN).toNanos();
            draft.manifest.readAgainAt(draft.now);
        }
    }

    /** A third pod that stands by, too, is not written over again and again. */
    private static boolean mayName(Draft draft, LeaseRecord lease) {
        return lease.standby().isEmpty() || lease.epoch() > draft.lease.namedIn;
    }

    private static void name(Draft draft, LeaseRecord lease, String name) {
        draft.emit(new Action.NameStandby(draft.send(draft.lease, Call.Kind.OTHER), lease, name));
    }

    /** What a JobManager that waits will most likely run; null if it is not known. */
    Reply.@Nullable Ahead ahead(Draft draft) {
        Manifest known = draft.manifest.committed;
        Run run = known == null || known.result() != null ? null : known.run();
        PlanRef plan = known == null ? null : known.plan();
        return settings.standby()
                        && draft.state.phase == Phase.CONTENDING
                        && run != null
                        && plan != null
                ? new Reply.Ahead(run.jobId(), plan)
                : null;
    }

    /** Whether another pod would go on, which waits for this one's Lease. */
    boolean isNamed(Draft draft) {
        LeaseRecord lease = draft.lease.record;
        return settings.standby()
                && lease != null
                && !lease.standby().isEmpty()
                && !lease.standby().equals(incarnation.holder())
                // A person who has paused wants the JobManager to stay down; a Job that is to be
                // told something is told by who knows why.
                && !draft.state.wishes().isPaused()
                && draft.job.signal == null
                // Nothing but the API server could tell the other one.
                && draft.witness.heldSince == 0
                && !draft.manifest.owed;
    }

    /** Whether the pod that was handed over to is still busy with that, as far as is known here. */
    boolean isTakingOver(Draft draft) {
        LeaseRecord lease = draft.lease.record;
        Duration patience = lease != null && lease.held() ? TAKES_OVER_FOR : TAKEN_BY;
        return draft.state.phase == Phase.CONTENDING
                && draft.now - draft.lease.contendsSince < patience.toNanos();
    }

    /**
     * The JobManager has ended: the Lease is released for the one that waits, once what is in
     * flight is answered. The mark vouches for the epoch's claim and for the end (R1).
     *
     * @param asked by a SIGTERM, so it is no failure
     */
    void handOver(Draft draft, boolean asked) {
        LeaseRecord lease = draft.lease.record;
        if (lease == null
                || draft.lease.call != null
                || draft.lease.reread
                || !lease.holder().equals(incarnation.holder())
                || !lease.nonce().equals(incarnation.nonce())
                || lease.epoch() != draft.lease.epoch
                || draft.lease.confirmed != draft.lease.epoch
                || !draft.state.isClaimed()
                || !draft.state.noEpochIsServed()) {
            return;
        }
        KillCause killed = draft.process.killed(draft.gate.served);
        boolean failed = draft.gate.served != null && !asked;
        String ended =
                !failed ? "" : killed != null ? killed.reason() : RestartPolicy.PROCESS_ENDED;
        draft.handOver(lease.released(ended));
    }
}
