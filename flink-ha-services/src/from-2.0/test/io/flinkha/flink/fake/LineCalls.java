package io.flinkha.flink.fake;

import io.flinkha.flink.checkpoint.LineCheckpoints;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStore;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.SharedStateRegistry;
import org.apache.flink.util.concurrent.Executors;

/** What the tests call of Flink that has other names on other lines. */
public final class LineCalls {
    private LineCalls() {}

    /** Opens the store of a job whose plan says that mode, and notes the one that is used. */
    public static CompletedCheckpointStore store(
            LineCheckpoints checkpoints, JobID job, String mode, List<String> used)
            throws Exception {
        return checkpoints.createRecoveredCompletedCheckpointStore(
                job,
                1,
                (executor, own, its) -> {
                    used.add(its.name());
                    return SharedStateRegistry.DEFAULT_FACTORY.create(executor, own, its);
                },
                Executors.directExecutor(),
                RecoveryClaimMode.valueOf(mode));
    }

    public static SharedStateRegistry registry() {
        return SharedStateRegistry.DEFAULT_FACTORY.create(
                Executors.directExecutor(), List.of(), RecoveryClaimMode.NO_CLAIM);
    }

    public static void registerClaimed(CompletedCheckpoint claimed, SharedStateRegistry registry) {
        claimed.registerSharedStatesAfterRestored(registry, RecoveryClaimMode.CLAIM);
    }

    public static OperatorState operator(OperatorID id) {
        return new OperatorState("operator", null, id, 1, 128);
    }

    public static Optional<JobResourceRequirements> requirements(JobGraph plan) throws IOException {
        return JobResourceRequirements.readFromExecutionPlan(plan);
    }
}
