package io.flinkha.flink.checkpoint;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.process.Gate;
import io.flinkha.flink.process.GrantedRun;
import io.flinkha.flink.savepoint.SavepointWatch;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStore;
import org.apache.flink.runtime.state.SharedStateRegistryFactory;

/** The checkpoints, with what Flink calls a claim mode on this line. */
public final class LineCheckpoints extends AgentCheckpointRecoveryFactory {
    public LineCheckpoints(
            Agent agent,
            Halt halt,
            Gate gate,
            GrantedRun granted,
            SavepointWatch savepoints,
            Consumer<JobID> blobs) {
        super(agent, halt, gate, granted, savepoints, blobs);
    }

    @Override
    public CompletedCheckpointStore createRecoveredCompletedCheckpointStore(
            JobID jobId,
            int maxRetained,
            SharedStateRegistryFactory sharedState,
            Executor ioExecutor,
            RecoveryClaimMode mode)
            throws Exception {
        return recovered(
                jobId,
                maxRetained,
                ioExecutor,
                own ->
                        sharedState.create(
                                ioExecutor,
                                own,
                                !own.isEmpty() && mode == RecoveryClaimMode.NO_CLAIM
                                        ? RecoveryClaimMode.CLAIM
                                        : mode));
    }
}
