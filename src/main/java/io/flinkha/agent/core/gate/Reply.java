package io.flinkha.agent.core.gate;

import io.flinkha.agent.core.manifest.ChangeRefusal;
import io.flinkha.agent.core.manifest.EarlierRun;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.restart.Refusal;
import io.flinkha.agent.core.restart.Start;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The agent's answer to a call of its JobManager. */
public sealed interface Reply {
    /**
     * To be asked again.
     *
     * @param ahead what whoever waits will most likely run; null if that is not known
     */
    record Wait(WaitReason reason, @Nullable Ahead ahead) implements Reply {
        public Wait(WaitReason reason) {
            this(reason, null);
        }
    }

    /** The stored plan of the job that another pod leads. */
    record Ahead(String jobId, PlanRef plan) {}

    record Halt(int code, Refusal refusal) implements Reply {}

    /**
     * The gate is open.
     *
     * @param remainingMillis counted by the caller from the moment at which it sent the call
     * @param start only for a process that serves no epoch yet
     * @param publish whether the caller should send its leader addresses (again)
     */
    record Open(
            long epoch, UUID session, long remainingMillis, @Nullable Start start, boolean publish)
            implements Reply {}

    record Done() implements Reply {}

    record Reserved(long reservedTo) implements Reply {}

    /** Earlier runs of which files may lie in storage that nobody needs. */
    record EarlierRuns(List<EarlierRun> runs) implements Reply {
        public EarlierRuns {
            runs = List.copyOf(runs);
        }
    }

    record LeaderAddresses(Map<String, String> addresses, @Nullable UUID session)
            implements Reply {}

    /** Where the plan that was asked for lies; null if the manifest names none for that job. */
    record StoredPlan(@Nullable PlanRef plan) implements Reply {}

    /** End as Flink does: nobody will go on with the job. */
    record ShutDown(String reason) implements Reply {}

    /** End without a word to the tasks: they run on until the next process comes. */
    record Vanish(String reason) implements Reply {}

    /** This epoch is over for the caller. */
    record Fenced(String reason) implements Reply {}

    /** Definitely not done. */
    record Refused(ChangeRefusal refusal) implements Reply {}

    /** Not known to be done; ask again. */
    record Unavailable(String reason) implements Reply {}

    /** The agent does not know this process. */
    record Unregistered(String reason) implements Reply {}
}
