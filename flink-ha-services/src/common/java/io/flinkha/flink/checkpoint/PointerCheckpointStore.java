package io.flinkha.flink.checkpoint;

import io.flinkha.flink.process.Run;
import java.util.Collection;
import java.util.concurrent.Executor;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.checkpoint.CheckpointsCleaner;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;
import org.apache.flink.runtime.checkpoint.DefaultCompletedCheckpointStore;
import org.apache.flink.runtime.persistence.IntegerResourceVersion;
import org.apache.flink.runtime.state.SharedStateRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Flink's own store, which at its end keeps whatever the manifest may still point at. */
final class PointerCheckpointStore extends DefaultCompletedCheckpointStore<IntegerResourceVersion> {
    private static final Logger LOG = LoggerFactory.getLogger(PointerCheckpointStore.class);

    private final Run run;

    PointerCheckpointStore(
            Run run,
            int maxRetained,
            PointerStore pointers,
            Collection<CompletedCheckpoint> recovered,
            SharedStateRegistry sharedState,
            Executor ioExecutor) {
        super(maxRetained, pointers, CheckpointNames.INSTANCE, recovered, sharedState, ioExecutor);
        this.run = run;
    }

    /**
     * Discards only after an end that the agent acknowledged in this epoch as one whose checkpoints
     * go. FAILED, and CANCELED unless set otherwise, are what a fixed job restarts from; without
     * the acknowledgement another leader may already run from these files (R10).
     */
    @Override
    public void shutdown(JobStatus status, CheckpointsCleaner cleaner) throws Exception {
        if (status.isGloballyTerminalState() && run.isDiscarded()) {
            super.shutdown(status, cleaner);
            return;
        }
        if (status.isGloballyTerminalState()) {
            LOG.info(
                    "Job {} is {}: its {} latest checkpoint(s) are kept.",
                    run.jobId(),
                    status,
                    getNumberOfRetainedCheckpoints());
        }
        super.shutdown(JobStatus.SUSPENDED, cleaner);
    }
}
