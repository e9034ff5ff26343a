package io.flinkha.agent.core;

import io.flinkha.agent.core.Event.PodEvent;
import io.flinkha.agent.core.Event.PodFailed;
import io.flinkha.agent.core.Event.PodRead;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.restart.PodView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Pods, read only while something is decided on them: the holder's pod by a contender, the own one
 * by an agent whose JobManager does not come.
 */
final class PodSteps {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    /** More ends than any window is asked for. */
    private static final int MAX_CRASHES = 100;

    private final Settings settings;
    private final Incarnation incarnation;

    PodSteps(Settings settings, Incarnation incarnation) {
        this.settings = settings;
        this.incarnation = incarnation;
    }

    /** Nothing hangs on one look: the next one is asked for when it is due. */
    void failed(Draft draft, Call call, Outcome outcome) {}

    void note(Draft draft, PodEvent answer) {
        if (draft.pods.answered(answer.call()) == null) {
            return;
        }
        switch (answer) {
            case PodRead read -> {
                if (draft.state.phase == Phase.CONTENDING) {
                    noteHolder(draft, read);
                } else {
                    noteOwn(draft, read);
                }
            }
            case PodFailed failure -> {}
        }
    }

    /**
     * A pod whose kubelet saw each container end runs nothing any more, so its Lease need not run
     * out. A pod that is merely absent proves nothing: it may live on, cut off.
     */
    private static void noteHolder(Draft draft, PodRead read) {
        PodView pod = read.pod();
        LeaseRecord lease = draft.lease.record;
        if (pod != null
                && pod.ended()
                && lease != null
                && lease.holder().equals(read.name() + "/" + pod.uid())) {
            draft.pods.deadHolder = lease.holder();
            draft.manifest.readAgainAt(draft.now);
        }
    }

    private void noteOwn(Draft draft, PodRead read) {
        PodView pod = read.pod();
        if (pod == null || !incarnation.holder().equals(read.name() + "/" + pod.uid())) {
            return;
        }
        // What happened before the first look, nobody here knows the time of.
        long more = draft.pods.restarts < 0 ? 0 : pod.restarts() - draft.pods.restarts;
        draft.pods.restarts = pod.restarts();
        List<Long> crashes = new ArrayList<>(draft.pods.crashes);
        for (long i = 0; i < more && i < MAX_CRASHES && !draft.state.wishes().isPaused(); i++) {
            crashes.add(draft.now);
        }
        draft.pods.crashes =
                List.copyOf(
                        crashes.subList(Math.max(0, crashes.size() - MAX_CRASHES), crashes.size()));
    }

    /** A contender has seen that the Lease is held. */
    void askForHolder(Draft draft) {
        LeaseRecord lease = draft.lease.record;
        if (!settings.restart().hasJob() || lease == null || !lease.held()) {
            return;
        }
        String holder = lease.holder();
        int slash = holder.indexOf('/');
        if (draft.pods.call == null
                && slash > 0
                && !holder.equals(incarnation.holder())
                && !holder.equals(draft.pods.deadHolder)) {
            ask(draft, holder.substring(0, slash));
        }
    }

    /** The gate is ready and nobody comes: the kubelet knows how often somebody tried. */
    void askForOwn(Draft draft) {
        boolean missing =
                draft.state.phase == Phase.OPENING && draft.state.liveRegistration() == null;
        if (!missing || !settings.restart().hasJob()) {
            draft.pods.nextAt = draft.now + LOOK_AGAIN.toNanos();
        } else if (draft.pods.isDue(draft.now)) {
            draft.pods.nextAt = draft.now + LOOK_AGAIN.toNanos();
            ask(draft, incarnation.holder().substring(0, incarnation.holder().indexOf('/')));
        }
    }

    private static void ask(Draft draft, String name) {
        draft.emit(new Action.ReadPod(draft.send(draft.pods, Call.Kind.READ), name));
    }
}
