package io.flinkha.lab.e2e.cluster;

import io.flinkha.lab.measure.JobManagerRest.CheckpointView;

/** What was true just before a fault. */
public record Moment(
        long epoch,
        CheckpointView checkpoints,
        int mainRuns,
        int restarts,
        String jobManager,
        String agent,
        String pod,
        int failedPods) {

    public static Moment of(Application application) {
        Pods pods = application.pods();
        return new Moment(
                application.epoch(),
                application.rest().checkpoints(),
                application.mainRuns(),
                pods.restarts("jobmanager"),
                pods.runningId("jobmanager"),
                pods.runningId(Pods.AGENT),
                pods.jobManagerName(),
                application.failedPods());
    }
}
