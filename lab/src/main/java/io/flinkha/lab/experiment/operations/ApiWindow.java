package io.flinkha.lab.experiment.operations;

import io.flinkha.lab.api.RequestCounts;
import io.flinkha.lab.api.RequestCounts.Count;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.measure.JobManagerRest.CheckpointView;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * The requests that the API server counted while a job ran undisturbed. Idle means: about other
 * objects than the one that names the checkpoints.
 */
public record ApiWindow(
        double idlePerMinute,
        double allPerMinute,
        double requestsPerCheckpoint,
        double writesPerCheckpoint,
        long checkpoints) {

    public static ApiWindow over(LocalApplication application, Duration length) {
        List<Count> before = application.bench().api().counts();
        CheckpointView checkpointsBefore = application.rest().checkpoints();
        Await.pass(length);
        return between(
                application,
                before,
                application.bench().api().counts(),
                application.rest().checkpoints().completed() - checkpointsBefore.completed(),
                length);
    }

    /** The window of a number of checkpoints. */
    public static ApiWindow ofCheckpoints(
            LocalApplication application, int number, Duration limit) {
        List<Count> before = application.bench().api().counts();
        long first = application.rest().checkpoints().completed();
        long start = System.nanoTime();
        Await.until(
                number + " checkpoints",
                limit,
                () -> application.rest().checkpoints().completed() >= first + number);
        List<Count> after = application.bench().api().counts();
        long done = application.rest().checkpoints().completed() - first;
        return between(
                application, before, after, done, Duration.ofNanos(System.nanoTime() - start));
    }

    private static ApiWindow between(
            LocalApplication application,
            List<Count> before,
            List<Count> after,
            long checkpoints,
            Duration time) {
        // TaskManagers watch, and the laboratory reads: neither is a JobManager's cost.
        Predicate<Count> leaders =
                count ->
                        !count.agent().contains("taskmanager")
                                && !count.agent().contains("laboratory");
        Predicate<Count> pointers = leaders.and(count -> pointerObject(application, count.name()));
        Predicate<Count> idle = leaders.and(count -> !pointerObject(application, count.name()));
        double perCheckpoint = Math.max(1, checkpoints);
        return new ApiWindow(
                round((sum(after, idle) - sum(before, idle)) * 60_000.0 / time.toMillis()),
                round((sum(after, leaders) - sum(before, leaders)) * 60_000.0 / time.toMillis()),
                round((sum(after, pointers) - sum(before, pointers)) / perCheckpoint),
                round(
                        (sum(after, pointers.and(Count::writes))
                                        - sum(before, pointers.and(Count::writes)))
                                / perCheckpoint),
                checkpoints);
    }

    /** Stock HA has a ConfigMap for each job; ours has the manifest. */
    private static boolean pointerObject(LocalApplication application, String name) {
        String id = application.spec().clusterId();
        return name.equals(id + "-flink-ha")
                || (name.startsWith(id)
                        && name.endsWith("-config-map")
                        && !name.equals(id + "-cluster-config-map"));
    }

    private static long sum(List<Count> counts, Predicate<Count> which) {
        return RequestCounts.sum(counts, which);
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
