package io.flinkha.flink;

import io.flinkha.flink.plan.LinePlanStore;
import java.util.concurrent.Executor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.blob.BlobStoreService;
import org.apache.flink.runtime.highavailability.AbstractHaServices;
import org.apache.flink.runtime.highavailability.JobResultStore;
import org.apache.flink.runtime.jobmanager.ExecutionPlanStore;
import org.apache.flink.runtime.leaderelection.LeaderElectionDriverFactory;

/** Flink's base of HA services, with the stores that this line asks for. */
@SuppressWarnings("try") // close() may throw InterruptedException, as declared by Flink
abstract class LineHaServices extends AbstractHaServices {
    private final LinePlanStore plans;

    LineHaServices(
            Configuration configuration,
            LeaderElectionDriverFactory elections,
            Executor ioExecutor,
            BlobStoreService blobs,
            JobResultStore results,
            LinePlanStore plans) {
        super(configuration, elections, ioExecutor, blobs, results);
        this.plans = plans;
    }

    @Override
    protected ExecutionPlanStore createExecutionPlanStore() {
        return plans;
    }
}
