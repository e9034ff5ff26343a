package io.flinkha.flink.checkpoint;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.cleanup.CleanUp;
import io.flinkha.flink.cleanup.EarlierRuns;
import io.flinkha.flink.cleanup.Sweep;
import io.flinkha.flink.jvm.DaemonThreads;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.process.Gate;
import io.flinkha.flink.process.GrantedRun;
import io.flinkha.flink.process.Run;
import io.flinkha.flink.savepoint.SavepointWatch;
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
    private final Agent agent;
    private final Halt halt;
    private final Gate gate;
    private final GrantedRun granted;
    private final SavepointWatch savepoints;
    private final Consumer<JobID> blobs;
    private @Nullable Sweep sweep;
    private @Nullable CleanUp cleanUp;

    /**
     * @param blobs deletes the blobs of an earlier run's job
     */
    AgentCheckpointRecoveryFactory(
            Agent agent,
            Halt halt,
            Gate gate,
            GrantedRun granted,
            SavepointWatch savepoints,
            Consumer<JobID> blobs) {
        this.agent = agent;
        this.halt = halt;
        this.gate = gate;
        this.granted = granted;
        this.savepoints = savepoints;
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
        PointerStore pointers =
                new PointerStore(agent, halt, run, savepoints, maxRetained, cleanUp(run), classes);
        List<CompletedCheckpoint> recovered =
                run.isResume() ? pointers.recover() : Collections.emptyList();
        return new PointerCheckpointStore(
                run, maxRetained, pointers, recovered, registry.apply(recovered), ioExecutor);
    }

    @Override
    public CheckpointIDCounter createCheckpointIDCounter(JobID jobId) throws Exception {
        Run run = runOf(jobId);
        savepoints.start();
        return new AgentCheckpointIDCounter(agent, run, savepoints, sweep(run));
    }

    private Run runOf(JobID jobId) throws FlinkException {
        Run run = granted.get();
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
    private synchronized Sweep sweep(Run run) {
        Sweep known = sweep;
        if (known == null) {
            known = Sweep.of(run, thread("flink-ha-sweep"), gate::isOpen);
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
                                            agent,
                                            run,
                                            gate::isOpen,
                                            blobs,
                                            thread("flink-ha-earlier-runs"))));
            cleanUp = known;
        }
        return known;
    }

    private static Consumer<Runnable> thread(String name) {
        return work -> DaemonThreads.start(name, work);
    }
}
