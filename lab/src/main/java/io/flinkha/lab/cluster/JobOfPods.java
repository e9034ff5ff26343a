package io.flinkha.lab.cluster;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The JobManagers' Job: what a person changes of it, and what is seen of its pods. */
public final class JobOfPods {
    private final ClusterApplication application;

    JobOfPods(ClusterApplication application) {
        this.application = application;
    }

    /** How many there are to be. */
    public void scale(int parallelism) {
        Console.event("--- parallelism " + parallelism);
        patch("{\"spec\":{\"parallelism\":%d}}".formatted(parallelism));
    }

    /** Suspends the Job, or resumes it, as a person does. */
    public void suspend(boolean value) {
        patch("{\"spec\":{\"suspend\":%b}}".formatted(value));
    }

    private void patch(String patch) {
        application.job("jobmanager").patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    /** Whether as many run as there are to be. */
    public boolean isActive() {
        Job job = application.job();
        return Objects.equals(job.getSpec().getParallelism(), job.getStatus().getActive());
    }

    /** Whether the Job failed because the agent told it so. */
    public boolean isToldToFail() {
        return application.job().getStatus().getConditions().stream()
                .anyMatch(condition -> "DeadlineExceeded".equals(condition.getReason()));
    }

    /** None runs, or is going to; those that ended keep their logs. */
    public void awaitNoneLeft(Duration limit) {
        Await.until(
                "the end of all its pods",
                limit,
                () ->
                        application.pods().jobManagers().stream()
                                .map(pod -> pod.getStatus().getPhase())
                                .allMatch(List.of("Succeeded", "Failed")::contains));
    }

    /** As a person sees it: its conditions, then its pods. */
    public String picture() {
        String conditions =
                application.job().getStatus().getConditions().stream()
                        .filter(c -> c.getStatus().equals("True"))
                        .map(c -> c.getType() + " (" + c.getReason() + ")")
                        .collect(Collectors.joining(", "));
        return application.pods().jobManagers().stream()
                .map(pod -> pod.getMetadata().getName() + " " + pod.getStatus().getPhase())
                .collect(Collectors.joining(", ", "Job: " + conditions + "; pods: ", ""));
    }
}
