package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.gate.Reply;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Calls of a JobManager to the agent of its pod: each may be lost, or come twice. */
final class SimLoopback {
    private SimLoopback() {}

    /** Null is a broken connection; no reply at all is a lost one. */
    static void send(SimPod pod, LongFunction<Event> request, Consumer<@Nullable Reply> once) {
        deliver(pod, request, once);
        if (pod.world.strikes(Fault.CALL_DUPLICATED, 0.02)) {
            deliver(pod, request, once);
        }
    }

    private static void deliver(
            SimPod pod, LongFunction<Event> request, Consumer<@Nullable Reply> once) {
        SimWorld world = pod.world;
        boolean requestLost = world.strikes(Fault.CALL_LOST, 0.01);
        boolean replyLost = world.strikes(Fault.CALL_LOST, 0.01);
        if (requestLost) {
            return;
        }
        world.after(
                world.between(0, 3 * SimWorld.MILLI),
                () -> {
                    SimAgent agent = pod.agent;
                    if (agent == null) {
                        once.accept(null);
                    } else {
                        agent.ask(request, replyLost ? reply -> {} : once);
                    }
                });
    }
}
