package io.flinkha.agent.core;

import io.flinkha.agent.core.Event.MirrorLookedFor;
import io.flinkha.agent.core.Event.PlanChecked;
import io.flinkha.agent.core.Event.StorageUnreachable;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.core.restart.StartRules;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The start of an epoch: what the storage has to say to it, and when it is decided. */
final class StartSteps {
    /** Hashing a large plan takes a while; without an answer by then the storage hangs. */
    private static final long STORAGE_TIMEOUT_NANOS = 60_000_000_000L;

    private final Settings settings;
    private final Incarnation incarnation;

    StartSteps(Settings settings, Incarnation incarnation) {
        this.settings = settings;
        this.incarnation = incarnation;
    }

    void expireCall(Draft draft) {
        Call call = draft.storageCall;
        if (call != null && draft.now - call.sentAt() >= STORAGE_TIMEOUT_NANOS) {
            unreachable(draft);
        }
    }

    void noteChecked(Draft draft, PlanChecked checked) {
        if (draft.storageCall != null && draft.storageCall.id() == checked.call()) {
            draft.storageCall = null;
            draft.checkedPlan = checked.sha256();
            draft.planDamage = checked.damage();
        }
    }

    void noteMirror(Draft draft, MirrorLookedFor found) {
        if (draft.storageCall != null && draft.storageCall.id() == found.call()) {
            draft.storageCall = null;
            draft.mirrorLookedFor = true;
            draft.mirror = found.newest();
            if (found.epoch() >= draft.epoch && draft.phase == Phase.OPENING) {
                // Epochs rise over all lives of a cluster-id: of the copies in storage, the one of
                // the highest epoch is taken for the newest.
                AgentMachine.newEpoch(draft, found.epoch() + 1);
            }
        }
    }

    void noteUnreachable(Draft draft, StorageUnreachable failed) {
        if (draft.storageCall != null && draft.storageCall.id() == failed.call()) {
            unreachable(draft);
        }
    }

    private void unreachable(Draft draft) {
        draft.storageCall = null;
        draft.storageAt = draft.now + settings.retryAfterFailure().toNanos();
    }

    /** Checks the stored plan and decides the start, as early as it is known what to decide on. */
    void prepare(Draft draft) {
        Manifest wanted = draft.wanted;
        if (wanted == null || draft.served != null || draft.start != null) {
            return;
        }
        if (wanted.run() == null && !draft.mirrorLookedFor) {
            if (draft.phase == Phase.OPENING) {
                ask(draft, Action.LookForMirror::new);
            }
            return;
        }
        PlanRef stored = wanted.plan();
        if (stored != null && !stored.sha256().equals(draft.checkedPlan)) {
            ask(draft, call -> new Action.CheckPlan(call, stored));
            return;
        }
        Registration registration = draft.liveRegistration();
        // What is decided while paused could not know what is wished for until the end of it.
        if (draft.phase != Phase.OPENING
                || registration == null
                || draft.wishes().isPaused()
                || JobSteps.isUndecided(draft)) {
            return;
        }
        Revision revision =
                new Revision(
                        settings.controllerUid(), registration.flink(), registration.userCode());
        StartRules.Decision decision =
                StartRules.decide(
                        wanted,
                        new StartRules.Circumstances(
                                revision,
                                incarnation.jobId(draft.epoch),
                                draft.planDamage,
                                JobSteps.isResumed(draft),
                                settings.restore(),
                                asked(draft, wanted),
                                draft.mirror,
                                trace(draft),
                                draft.moment.wallMillis()));
        draft.start = decision.start();
        if (!decision.manifest().equals(wanted)) {
            draft.wanted = decision.manifest();
            draft.wantedEdit++;
        }
        draft.startEdit = draft.wantedEdit;
    }

    /** The state that a person asked for, unless the run that started from it is there already. */
    private static @Nullable String asked(Draft draft, Manifest wanted) {
        Wishes wishes = draft.wishes();
        Run run = wanted.run();
        boolean due = wishes.restore(draft.epoch, run == null ? 0 : run.epoch());
        return due ? wishes.restoreFrom() : null;
    }

    private static void ask(Draft draft, LongFunction<Action> look) {
        if (draft.storageCall == null && draft.now >= draft.storageAt) {
            draft.storageCall = draft.call(Call.Kind.OTHER);
            draft.emit(look.apply(draft.storageCall.id()));
        }
    }

    /** Where nothing is stored, something may yet show that the job has run before. */
    private static @Nullable String trace(Draft draft) {
        return draft.stockAddresses
                ? "Flink's own Kubernetes HA has run this cluster-id (its leader ConfigMap is there), and what it ended with is not known here."
                : null;
    }
}
