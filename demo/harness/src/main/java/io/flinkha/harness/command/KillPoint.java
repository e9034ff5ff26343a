package io.flinkha.harness.command;

import io.flinkha.harness.api.AgentWrite;
import io.flinkha.harness.api.CommitHold;
import io.flinkha.harness.api.ControlMessage;
import io.flinkha.harness.api.ControlProxy;
import io.flinkha.harness.cluster.Cluster;
import java.util.Locale;

/** A message, the side of it at which the world stands still, and who dies then. */
record KillPoint(Scene scene, Target target, CommitHold.Point point, Victim victim) {

    /** What goes on when the message is sent. */
    enum Scene {
        /** Nothing was ever stored for this cluster-id. */
        FIRST_START,
        /** The job runs and makes checkpoints. */
        STEADY,
        /** The JobManager has died. */
        FAILOVER,
        /** The JobManager has died and the stored plan is damaged: main() has to run. */
        RESTORE,
        /** The agent was told to stop, and the JobManager has died. */
        AGENT_STOP,
        /** The job runs to its end. */
        END;

        String title() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    enum Victim {
        JM,
        AGENT,
        BOTH;

        boolean jobManager() {
            return this != AGENT;
        }

        boolean agent() {
            return this != JM;
        }
    }

    sealed interface Target {
        String title();

        CommitHold hold(Cluster cluster, ControlProxy control, CommitHold.Point point);
    }

    /** A write of the agent to the API server. */
    record Write(AgentWrite write) implements Target {
        @Override
        public String title() {
            return write.title();
        }

        @Override
        public CommitHold hold(Cluster cluster, ControlProxy control, CommitHold.Point point) {
            return cluster.proxy().holdNext(write, point);
        }
    }

    /** A call of the jar's to the agent. */
    record Call(ControlMessage message) implements Target {
        @Override
        public String title() {
            return message.title();
        }

        @Override
        public CommitHold hold(Cluster cluster, ControlProxy control, CommitHold.Point point) {
            return control.holdNext(message, point);
        }
    }

    String name() {
        return "%s: %s, %s, %s"
                .formatted(
                        scene.title(),
                        target.title(),
                        point.name().toLowerCase(Locale.ROOT),
                        victim == Victim.BOTH ? "both" : victim == Victim.JM ? "JM" : "agent");
    }

    boolean is(AgentWrite write) {
        return target.equals(new Write(write));
    }

    /** A message is lost when its sender dies over it, and so is a reply. */
    boolean lost() {
        return switch (target) {
            case Write write -> victim.agent();
            // Both ends of it are in the pod: whoever dies takes the connection along.
            case Call call -> true;
        };
    }
}
