package io.flinkha.lab.application;

import io.flinkha.lab.measure.JobManagerRest.CheckpointView;

/** What was true just before a fault. */
public record BeforeFault(
        long epoch,
        CheckpointView checkpoints,
        int mainRuns,
        int restarts,
        String jobManager,
        String agent,
        String pod,
        int failedPods) {

    public static BeforeFault of(Application application) {
        return new BeforeFault(
                application.epoch(),
                application.rest().checkpoints(),
                application.mainRuns(),
                application.restarts(),
                application.jobManagerProcess(),
                application.agentProcess(),
                application.podName(),
                application.failedPods());
    }
}
