package io.flinkha.agent.core;

import io.flinkha.agent.core.Event.PodEvent;
import io.flinkha.agent.core.Event.PodFailed;
import io.flinkha.agent.core.Event.PodRead;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.restart.PodView;

/** The holder's pod, read by a contender alone: nothing else hangs on pods. */
final class PodSteps {
    private final Settings settings;
    private final Incarnation incarnation;

    PodSteps(Settings settings, Incarnation incarnation) {
        this.settings = settings;
        this.incarnation = incarnation;
    }

    /** Nothing hangs on one look: the next one is asked for when it is due. */
    void failed(Draft draft, Call call, Outcome outcome) {}

    /**
     * A pod whose kubelet saw each container end runs nothing any more, so its Lease need not run
     * out. A pod that is merely absent proves nothing: it may live on, cut off. But neither that
     * nor a deletion is ever taken back.
     */
    void note(Draft draft, PodEvent answer) {
        if (draft.pods.answered(answer.call()) == null || draft.state.phase != Phase.CONTENDING) {
            return;
        }
        switch (answer) {
            case PodRead read -> {
                PodView pod = read.pod();
                LeaseRecord lease = draft.lease.record;
                if (lease == null || !lease.holder().startsWith(read.name() + "/")) {
                    return;
                }
                boolean there = pod != null && lease.holder().equals(read.name() + "/" + pod.uid());
                boolean leaving = pod == null || !there || pod.deleting();
                draft.pods.leavingHolder = leaving ? lease.holder() : null;
                if (pod != null && there && pod.ended()) {
                    draft.pods.deadHolder = lease.holder();
                    draft.manifest.readAgainAt(draft.now);
                }
            }
            case PodFailed failure -> {}
        }
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
            draft.emit(
                    new Action.ReadPod(
                            draft.send(draft.pods, Call.Kind.READ), holder.substring(0, slash)));
        }
    }
}
