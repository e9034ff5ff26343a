package io.flinkha.lab.command;

import io.flinkha.lab.Await;
import io.flinkha.lab.api.RequestCounts;
import io.flinkha.lab.api.RequestCounts.Count;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.measure.JobManagerRest.CheckpointView;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * The requests that the API server counted while a job ran undisturbed. Idle means: about other
 * objects than the one that names the checkpoints.
 */
record ApiWindow(
        double idlePerMinute,
        double allPerMinute,
        double requestsPerCheckpoint,
        double writesPerCheckpoint,
        long checkpoints) {

    static ApiWindow over(Cluster cluster, Duration length) {
        List<Count> before = cluster.bench().api().counts();
        CheckpointView checkpointsBefore = cluster.pod().rest().checkpoints();
        Await.pass(length);
        return between(
                cluster,
                before,
                cluster.bench().api().counts(),
                cluster.pod().rest().checkpoints().completed() - checkpointsBefore.completed(),
                length);
    }

    /** The window of a number of checkpoints. */
    static ApiWindow ofCheckpoints(Cluster cluster, int number, Duration limit) {
        List<Count> before = cluster.bench().api().counts();
        long first = cluster.pod().rest().checkpoints().completed();
        long start = System.nanoTime();
        Await.until(
                number + " checkpoints",
                limit,
                () -> cluster.pod().rest().checkpoints().completed() >= first + number);
        List<Count> after = cluster.bench().api().counts();
        long done = cluster.pod().rest().checkpoints().completed() - first;
        return between(cluster, before, after, done, Duration.ofNanos(System.nanoTime() - start));
    }

    private static ApiWindow between(
            Cluster cluster,
            List<Count> before,
            List<Count> after,
            long checkpoints,
            Duration time) {
        // TaskManagers watch, and the harness reads: neither is a JobManager's cost.
        Predicate<Count> leaders =
                count ->
                        !count.agent().contains("taskmanager")
                                && !count.agent().contains("harness");
        Predicate<Count> pointers = leaders.and(count -> pointerObject(cluster, count.name()));
        Predicate<Count> idle = leaders.and(count -> !pointerObject(cluster, count.name()));
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
    private static boolean pointerObject(Cluster cluster, String name) {
        String id = cluster.spec().clusterId();
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
