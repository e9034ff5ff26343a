package io.flinkha.agent.core;

import io.flinkha.agent.core.Event.MirrorLookedFor;
import io.flinkha.agent.core.Event.PlanChecked;
import io.flinkha.agent.core.Event.StorageUnreachable;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.lease.ElectionRules;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.core.restart.StartRules;
import java.time.Duration;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The start of an epoch: what the storage has to say to it, and when it is decided. */
final class StartSteps {
    /** Hashing a large plan takes a while; without an answer by then the storage hangs. */
    static final Duration STORAGE_TIMEOUT = Duration.ofSeconds(60);

    private final Settings settings;
    private final Incarnation incarnation;

    StartSteps(Settings settings, Incarnation incarnation) {
        this.settings = settings;
        this.incarnation = incarnation;
    }

    void noteChecked(Draft draft, PlanChecked checked) {
        if (draft.storage.answered(checked.call()) != null) {
            draft.storage.checkedPlan = checked.sha256();
            draft.storage.planDamage = checked.damage();
        }
    }

    void noteMirror(Draft draft, MirrorLookedFor found) {
        if (draft.storage.answered(found.call()) != null) {
            draft.storage.mirrorLookedFor = true;
            draft.storage.mirror = found.newest();
            boolean above =
                    found.epoch() >= draft.lease.epoch
                            && found.epoch() - draft.lease.epoch <= ElectionRules.TOO_FAR;
            if (above && draft.state.phase == Phase.OPENING) {
                // Epochs rise over all lives of a cluster-id: of the copies in storage, the one of
                // the highest epoch is taken for the newest.
                draft.beginEpoch(found.epoch() + 1, draft.now);
            }
        }
    }

    void noteUnreachable(Draft draft, StorageUnreachable failed) {
        Call call = draft.storage.answered(failed.call());
        if (call != null) {
            failed(draft, call, Outcome.UNKNOWN);
        }
    }

    void failed(Draft draft, Call call, Outcome outcome) {
        draft.storage.nextAt = draft.now + settings.retryAfterFailure().toNanos();
    }

    /** Checks the stored plan and decides the start, as early as it is known what to decide on. */
    void prepare(Draft draft) {
        Manifest wanted = draft.manifest.wanted;
        if (wanted == null || draft.gate.served != null || draft.gate.start != null) {
            return;
        }
        if (wanted.run() == null && !draft.storage.mirrorLookedFor) {
            if (draft.state.phase == Phase.OPENING) {
                ask(draft, Action.LookForMirror::new);
            }
            return;
        }
        PlanRef stored = wanted.plan();
        if (stored != null && !stored.sha256().equals(draft.storage.checkedPlan)) {
            ask(draft, call -> new Action.CheckPlan(call, stored));
            return;
        }
        Registration registration = draft.state.liveRegistration();
        // What is decided while paused could not know what is wished for until the end of it.
        if (draft.state.phase != Phase.OPENING
                || registration == null
                || draft.state.wishes().isPaused()
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
                                incarnation.jobId(draft.lease.epoch),
                                draft.storage.planDamage,
                                JobSteps.isResumed(draft),
                                settings.restore(),
                                asked(draft, wanted),
                                draft.storage.mirror,
                                draft.manifest.stockAddresses,
                                draft.moment.wallMillis()));
        draft.gate.start = decision.start();
        draft.manifest.want(decision.manifest());
        draft.gate.startEdit = draft.manifest.wantedEdit;
    }

    /** The state that a person asked for, unless the run that started from it is there already. */
    private static @Nullable String asked(Draft draft, Manifest wanted) {
        Wishes wishes = draft.state.wishes();
        Run run = wanted.run();
        boolean due = wishes.restore(draft.lease.epoch, run == null ? 0 : run.epoch());
        return due ? wishes.restoreFrom() : null;
    }

    private static void ask(Draft draft, LongFunction<Action> look) {
        if (draft.storage.isDue(draft.now)) {
            draft.emit(look.apply(draft.send(draft.storage, Call.Kind.OTHER)));
        }
    }
}
