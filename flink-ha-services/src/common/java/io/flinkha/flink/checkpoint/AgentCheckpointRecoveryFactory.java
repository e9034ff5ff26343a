package io.flinkha.flink.checkpoint;

import io.flinkha.flink.HaProcess;
import io.flinkha.flink.cleanup.CleanUp;
import io.flinkha.flink.cleanup.EarlierRuns;
import io.flinkha.flink.cleanup.LeftoverSweep;
import io.flinkha.flink.jvm.DaemonThreads;
import io.flinkha.flink.process.Run;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.checkpoint.CheckpointIDCounter;
import org.apache.flink.runtime.checkpoint.CheckpointRecoveryFactory;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStore;
import org.apache.flink.runtime.state.SharedStateRegistry;
import org.apache.flink.util.FlinkException;
import org.jspecify.annotations.Nullable;

/** Hands the granted run's checkpoints to its job, and to no other. */
abstract class AgentCheckpointRecoveryFactory implements CheckpointRecoveryFactory {
    private final HaProcess process;
    private final Consumer<JobID> blobs;
    private @Nullable LeftoverSweep sweep;
    private @Nullable CleanUp cleanUp;

    /**
     * @param blobs deletes the blobs of an earlier run's job
     */
    AgentCheckpointRecoveryFactory(HaProcess process, Consumer<JobID> blobs) {
        this.process = process;
        this.blobs = blobs;
    }

    /**
     * @param registry the registry for what was recovered. The mode in the plan says how the run
     *     treats what it was restored from. Its own checkpoints are its own: with NO_CLAIM Flink
     *     would leak all shared files of them at every failover.
     */
    final CompletedCheckpointStore recovered(
            JobID jobId,
            int maxRetained,
            Executor ioExecutor,
            Function<List<CompletedCheckpoint>, SharedStateRegistry> registry)
            throws Exception {
        Run run = runOf(jobId);
        ClassLoader classes = Thread.currentThread().getContextClassLoader();
        PointerStore pointers = new PointerStore(process, run, maxRetained, cleanUp(run), classes);
        List<CompletedCheckpoint> recovered =
                run.isResume() ? pointers.recover() : Collections.emptyList();
        return new PointerCheckpointStore(
                run, maxRetained, pointers, recovered, registry.apply(recovered), ioExecutor);
    }

    @Override
    public CheckpointIDCounter createCheckpointIDCounter(JobID jobId) throws Exception {
        Run run = runOf(jobId);
        process.savepoints().start();
        return new AgentCheckpointIDCounter(process, run, sweep(run));
    }

    private Run runOf(JobID jobId) throws FlinkException {
        Run run = process.run();
        if (!run.jobId().equals(jobId)) {
            throw new FlinkException(
                    "Job "
                            + jobId
                            + " has no checkpoints here: this cluster-id runs the one job "
                            + run.jobId()
                            + ".");
        }
        return run;
    }

    /** One for the process: a JobMaster that is started again must not list anew. */
    private synchronized LeftoverSweep sweep(Run run) {
        LeftoverSweep known = sweep;
        if (known == null) {
            known = LeftoverSweep.of(run, thread("flink-ha-sweep"), process.gate()::isOpen);
            known.startListing();
            sweep = known;
        }
        return known;
    }

    /** One for the process, too: earlier runs are asked for once. */
    private synchronized CleanUp cleanUp(Run run) {
        CleanUp known = cleanUp;
        if (known == null) {
            known =
                    new CleanUp(
                            List.of(
                                    sweep(run),
                                    new EarlierRuns(
                                            process, run, blobs, thread("flink-ha-earlier-runs"))));
            cleanUp = known;
        }
        return known;
    }

    private static Consumer<Runnable> thread(String name) {
        return work -> DaemonThreads.start(name, work);
    }
}
