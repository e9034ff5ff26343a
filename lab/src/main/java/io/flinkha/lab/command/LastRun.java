package io.flinkha.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.measure.CommittedOutput;
import java.time.Duration;

/**
 * What a cluster's first run left behind, seen when its end was over and nothing new had begun.
 *
 * @param checkpoint path of the newest checkpoint that the manifest names; empty if there is none
 * @param savepoint path of the one that was triggered, after which the job ran on
 * @param finalSavepoint path of the one that the job was stopped with; empty if it was not
 * @param tasks that ran
 * @param committed lines of output
 */
record LastRun(
        String checkpoint,
        String savepoint,
        String finalSavepoint,
        int tasks,
        int committed,
        int mainRuns,
        int processes) {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** How it came to its end. */
    enum End {
        CRASH,
        FAILED,
        CANCELED,
        STOPPED,
        FINISHED;

        String title() {
            return switch (this) {
                case CRASH -> "crash";
                case STOPPED -> "stop-with-savepoint";
                default -> name();
            };
        }

        boolean isOver() {
            return this != CRASH;
        }
    }

    /** Checkpoints, a savepoint, more checkpoints, the end. After a crash the pod is there yet. */
    static LastRun of(Cluster cluster, End end) {
        Stage.awaitSteady(cluster);
        int tasks = cluster.pod().rest().job().tasks();
        String savepoint = savepoint(cluster);
        Stage.awaitCheckpoints(cluster.pod(), 2, LIMIT);
        Console.event("--- " + end.title());
        String stopped = "";
        switch (end) {
            case CRASH -> {
                // A job that ends is asked once more; of one that crashes only what is known
                // counts.
                Await.until(
                        "the savepoint's record",
                        LIMIT,
                        () -> Stage.manifest(cluster).path("savepoint").has("path"));
                // The next process comes only when what was left was looked at.
                cluster.jobManager().restartDelay(Duration.ofSeconds(5));
                long epoch = Stage.epoch(cluster);
                cluster.jobManager().kill();
                // Between two epochs the agent could not release the Lease, if it is ended next.
                Await.until(
                        "the agent's next epoch",
                        LIMIT,
                        () -> cluster.bench().api().claimed(cluster.spec().clusterId()) > epoch);
            }
            case FAILED -> Stage.place(cluster, "fail");
            case CANCELED -> cluster.pod().rest().cancel();
            case STOPPED -> stopped = stop(cluster);
            case FINISHED -> Stage.place(cluster, "drain");
        }
        if (end.isOver()) {
            Stage.awaitOver(cluster.pod());
        }
        JsonNode checkpoints = Stage.manifest(cluster).path("checkpoints");
        return new LastRun(
                checkpoints.isEmpty()
                        ? ""
                        : checkpoints.get(checkpoints.size() - 1).path("path").asText(),
                savepoint,
                stopped,
                tasks,
                CommittedOutput.lines(cluster.lab().data().resolve("out")).size(),
                cluster.mainRuns(),
                cluster.jobManager().starts());
    }

    static String savepoint(Cluster cluster) {
        String job = cluster.pod().rest().job().id();
        String request = cluster.pod().rest().triggerSavepoint(job, cluster.lab().savepoints());
        return completed(cluster, job, request);
    }

    static String stop(Cluster cluster) {
        String job = cluster.pod().rest().job().id();
        return completed(cluster, job, cluster.pod().rest().stopWithSavepoint(job));
    }

    private static String completed(Cluster cluster, String job, String request) {
        Await.until(
                "the savepoint",
                LIMIT,
                () -> !cluster.pod().rest().savepoint(job, request).isEmpty());
        return cluster.pod().rest().savepoint(job, request);
    }
}
