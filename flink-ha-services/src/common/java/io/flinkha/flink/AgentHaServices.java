package io.flinkha.flink;

import io.flinkha.flink.checkpoint.LineCheckpoints;
import io.flinkha.flink.end.ReportingJobResultStore;
import io.flinkha.flink.leader.AgentElectionDriver;
import io.flinkha.flink.leader.InProcessRetrievalDriver;
import io.flinkha.flink.plan.KeptBlobs;
import io.flinkha.flink.plan.LineBlobs;
import io.flinkha.flink.process.JmLock;
import io.flinkha.flink.savepoint.CheckpointsView;
import io.flinkha.flink.savepoint.FinalSavepoint;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.blob.BlobUtils;
import org.apache.flink.runtime.checkpoint.CheckpointRecoveryFactory;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;
import org.apache.flink.runtime.highavailability.nonha.embedded.EmbeddedJobResultStore;
import org.apache.flink.runtime.leaderretrieval.DefaultLeaderRetrievalService;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;

/**
 * Flink's services, with every store and election of it in the agent's hands.
 *
 * <p>Cleaning up deletes nothing here: the pointer outlives the job, so that one that FAILED
 * restarts from its latest state.
 */
@SuppressWarnings("try") // close() may throw InterruptedException, as declared by Flink
final class AgentHaServices extends LineHaServices {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final HaProcess process;

    /** Only held: the agent takes the end of this lock for the end of this JVM. */
    @SuppressWarnings("UnusedVariable")
    private final JmLock lock;

    private final KeptBlobs blobs;

    private AgentHaServices(HaProcess process, Executor ioExecutor, JmLock lock, KeptBlobs blobs) {
        super(
                process,
                listener ->
                        new AgentElectionDriver(
                                process.gate(), process.leaders(), process.granted(), listener),
                ioExecutor,
                blobs,
                new ReportingJobResultStore(
                        process, finalSavepoint(process), new EmbeddedJobResultStore()));
        this.process = process;
        this.lock = lock;
        this.blobs = blobs;
    }

    private static FinalSavepoint finalSavepoint(HaProcess process) {
        return new FinalSavepoint(
                new CheckpointsView(process.leaders()),
                process.gate(),
                FinalSavepoint.stale(process.configuration()),
                PATIENCE);
    }

    static HighAvailabilityServices create(HaProcess process, Executor ioExecutor, JmLock lock)
            throws IOException {
        KeptBlobs blobs =
                new LineBlobs(
                        BlobUtils.createBlobStoreFromConfig(process.configuration()),
                        process.granted());
        return new AgentHaServices(process, ioExecutor, lock, blobs);
    }

    @Override
    protected LeaderRetrievalService createLeaderRetrievalService(String leaderName) {
        return new DefaultLeaderRetrievalService((handler, errors) ->
                new InProcessRetrievalDriver(process.leaders(), leaderName, handler));
    }

    @Override
    protected CheckpointRecoveryFactory createCheckpointRecoveryFactory() {
        return new LineCheckpoints(process, blobs::deleteAll);
    }

    /** The gate stays open until the JVM ends: shutting down is still acting as leader. */
    @Override
    protected void internalClose() {}

    @Override
    protected void internalCleanup() {}

    @Override
    protected void internalCleanupJobData(JobID jobID) {}

    @Override
    protected String getLeaderPathForResourceManager() {
        return "resourcemanager";
    }

    @Override
    protected String getLeaderPathForDispatcher() {
        return "dispatcher";
    }

    @Override
    protected String getLeaderPathForJobManager(JobID jobID) {
        return "job-" + jobID.toHexString();
    }

    @Override
    protected String getLeaderPathForRestServer() {
        return "restserver";
    }
}
