package io.flinkha.flink;

import io.flinkha.flink.leader.InProcessRetrievalDriver;
import io.flinkha.flink.leader.LeaderAddresses;
import io.flinkha.flink.plan.LinePlanStore;
import io.flinkha.flink.process.JmLock;
import java.util.concurrent.Executor;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.blob.BlobStoreService;
import org.apache.flink.runtime.checkpoint.CheckpointRecoveryFactory;
import org.apache.flink.runtime.highavailability.JobResultStore;
import org.apache.flink.runtime.leaderelection.LeaderElectionDriverFactory;
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
    private final LeaderAddresses addresses;
    private final CheckpointRecoveryFactory checkpoints;

    /** Only held: the agent takes the end of this lock for the end of this JVM. */
    @SuppressWarnings("UnusedVariable")
    private final JmLock lock;

    AgentHaServices(
            Configuration configuration,
            LeaderElectionDriverFactory elections,
            LeaderAddresses addresses,
            Executor ioExecutor,
            BlobStoreService blobs,
            JobResultStore results,
            LinePlanStore plans,
            CheckpointRecoveryFactory checkpoints,
            JmLock lock) {
        super(configuration, elections, ioExecutor, blobs, results, plans);
        this.addresses = addresses;
        this.checkpoints = checkpoints;
        this.lock = lock;
    }

    @Override
    protected LeaderRetrievalService createLeaderRetrievalService(String leaderName) {
        return new DefaultLeaderRetrievalService(
                (handler, errors) -> new InProcessRetrievalDriver(addresses, leaderName, handler));
    }

    @Override
    protected CheckpointRecoveryFactory createCheckpointRecoveryFactory() {
        return checkpoints;
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
