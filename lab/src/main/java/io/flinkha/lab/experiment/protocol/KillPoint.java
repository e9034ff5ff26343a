package io.flinkha.lab.experiment.protocol;

import io.flinkha.lab.api.AgentWrite;
import io.flinkha.lab.api.CommitHold;
import io.flinkha.lab.api.ControlMessage;
import io.flinkha.lab.api.ControlProxy;
import io.flinkha.lab.local.LocalApplication;
import java.util.Locale;

/** A message, the side of it at which the world stands still, and what happens then. */
record KillPoint(Scene scene, Target target, CommitHold.Point point, Blow blow) {

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
        END,
        /** A task fails, and nobody restarts it. */
        FAILED;

        String title() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    enum Blow {
        JM("JM", true, false),
        AGENT("agent", false, true),
        BOTH("both", true, true),
        /** The connection is cut over the message; the API server stays away for a while. */
        CUT("cut off", false, false),
        /** The supervisor with all that it started. */
        CONTAINER("container", true, false),
        /** The supervisor stands still for a while, and the JobManager dies meanwhile. */
        SUPERVISOR_STOPPED("supervisor stopped", true, false),
        /** SIGSTOP for good: the agent has the process killed. */
        HUNG("JM hung", true, false),
        /** The same, and the agent that comes back finds it so. */
        HUNG_AND_AGENT("JM hung and agent", true, true),
        /** The agent's order to kill this start comes just then. */
        ORDER("order", true, false),
        JM_STOPPED("JM stopped", false, false),
        AGENT_STOPPED("agent stopped", false, false);

        final String title;
        final boolean killsJobManager;
        final boolean killsAgent;

        Blow(String title, boolean killsJobManager, boolean killsAgent) {
            this.title = title;
            this.killsJobManager = killsJobManager;
            this.killsAgent = killsAgent;
        }

        /** SIGSTOP: the message waits and is neither lost nor answered. */
        boolean stops() {
            return this == JM_STOPPED || this == AGENT_STOPPED;
        }
    }

    sealed interface Target {
        String title();

        CommitHold hold(LocalApplication application, ControlProxy control, CommitHold.Point point);
    }

    /** A write of the agent to the API server. */
    record Write(AgentWrite write) implements Target {
        @Override
        public String title() {
            return write.title();
        }

        @Override
        public CommitHold hold(
                LocalApplication application, ControlProxy control, CommitHold.Point point) {
            return application.proxy().holdNext(write, point);
        }
    }

    /** A call of the jar's to the agent. */
    record Call(ControlMessage message) implements Target {
        @Override
        public String title() {
            return message.title();
        }

        @Override
        public CommitHold hold(
                LocalApplication application, ControlProxy control, CommitHold.Point point) {
            return control.holdNext(message, point);
        }
    }

    String name() {
        return "%s: %s, %s, %s"
                .formatted(
                        scene.title(),
                        target.title(),
                        point.name().toLowerCase(Locale.ROOT),
                        blow.title);
    }

    boolean is(AgentWrite write) {
        return target.equals(new Write(write));
    }

    /** A message is lost when its sender dies over it, and so is a reply. */
    boolean lost() {
        return switch (target) {
            case Write write -> blow.killsAgent || blow == Blow.CUT;
            // Both ends of it are in the pod: whoever dies takes the connection along.
            case Call call -> !blow.stops();
        };
    }
}
