package io.flinkha.flink.plan;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.process.GrantedRun;
import java.io.IOException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobmanager.JobGraphStore;
import org.jspecify.annotations.Nullable;

/** Plans are what Flink called job graphs before 2.0. */
public final class LinePlanStore extends PlanStore<JobGraph> implements JobGraphStore {
    public LinePlanStore(
            Agent agent,
            GrantedRun granted,
            boolean enabled,
            PlanBlobs blobs,
            PlanRejection rejection,
            PlanAhead ahead) {
        super(agent, granted, enabled, blobs, rejection, ahead);
    }

    @Override
    public void start(JobGraphListener listener) {}

    @Override
    public @Nullable JobGraph recoverJobGraph(JobID jobId) throws Exception {
        return recover(jobId);
    }

    @Override
    public void putJobGraph(JobGraph plan) throws Exception {
        put(plan);
    }

    @Override
    Class<JobGraph> type() {
        return JobGraph.class;
    }

    @Override
    PlanView view(JobGraph plan) {
        return new PlanView(
                plan.getJobID(),
                plan.getName(),
                plan.getUserJarBlobKeys(),
                plan.getUserArtifacts());
    }

    @Override
    void write(JobGraph plan, JobResourceRequirements requirements) throws IOException {
        JobResourceRequirements.writeToJobGraph(plan, requirements);
    }
}
