package io.flinkha.flink.plan;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.process.GrantedRun;
import java.io.IOException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobmanager.ExecutionPlanStore;
import org.apache.flink.streaming.api.graph.ExecutionPlan;
import org.jspecify.annotations.Nullable;

/** Plans are what Flink calls execution plans since 2.0. */
public final class LinePlanStore extends PlanStore<ExecutionPlan> implements ExecutionPlanStore {
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
    public void start(ExecutionPlanListener listener) {}

    @Override
    public @Nullable ExecutionPlan recoverExecutionPlan(JobID jobId) throws Exception {
        return recover(jobId);
    }

    @Override
    public void putExecutionPlan(ExecutionPlan plan) throws Exception {
        put(plan);
    }

    @Override
    Class<ExecutionPlan> type() {
        return ExecutionPlan.class;
    }

    @Override
    PlanView view(ExecutionPlan plan) {
        return new PlanView(
                plan.getJobID(),
                plan.getName(),
                plan.getUserJarBlobKeys(),
                plan.getUserArtifacts());
    }

    @Override
    void write(ExecutionPlan plan, JobResourceRequirements requirements) throws IOException {
        JobResourceRequirements.writeToExecutionPlan(plan, requirements);
    }
}
