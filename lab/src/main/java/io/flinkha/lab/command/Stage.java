package io.flinkha.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Job;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.cluster.Pod;
import io.flinkha.lab.measure.CommittedOutput;
import io.flinkha.lab.measure.FlinkLog;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.regex.Pattern;

/** The steps that several experiments share. */
final class Stage {
    /** More than any experiment reaches at the slow rate; drained in a few seconds. */
    static final long RECORDS = 200_000;

    private static final int PER_SECOND = 200;
    private static final Pattern COMPLETED = Pattern.compile("^Completed checkpoint \\d+");

    private static final Pattern TASK_FAILED =
            Pattern.compile("switched from (RUNNING|INITIALIZING) to FAILED");

    private Stage() {}

    static ClusterSpec counting(Bench bench, Kind kind, String clusterId) {
        return ClusterSpec.of(
                kind, clusterId, Job.counting(bench.project().demoJob(), RECORDS, PER_SECOND));
    }

    static void awaitCheckpoints(Pod pod, int more, Duration limit) {
        long start = pod.rest().checkpoints().completed();
        Await.until(
                more + " checkpoints",
                limit,
                () -> pod.rest().checkpoints().completed() >= start + more);
    }

    /** Waits until the job runs and has made a checkpoint. */
    static void awaitCheckpointed(Cluster cluster) {
        Await.until(
                "the job's first checkpoint",
                Duration.ofMinutes(2),
                () -> cluster.pod().rest().checkpoints().completed() > 0);
    }

    /** Waits until the job runs and has made a few checkpoints. */
    static void awaitSteady(Cluster cluster) {
        Await.until(
                "the job's first start",
                Duration.ofMinutes(2),
                () -> cluster.pod().rest().job().allRunning());
        Console.event("job RUNNING (" + cluster.spec().kind() + ")");
        awaitCheckpoints(cluster.pod(), 3, Duration.ofMinutes(1));
    }

    /**
     * The longest time without a completed checkpoint. (REST tells a checkpoint's duration without
     * the time that its commit took.)
     */
    static long longestWithoutCheckpoint(Cluster cluster, long from) {
        return FlinkLog.read(cluster.jobManager().current().log())
                .longestGapMillis(from, COMPLETED);
    }

    static int taskFailures(Cluster cluster, long from) {
        return FlinkLog.read(cluster.jobManager().current().log()).times(from, TASK_FAILED).size();
    }

    static JsonNode manifest(Cluster cluster) {
        return cluster.bench().api().manifest(cluster.spec().clusterId());
    }

    static long epoch(Cluster cluster) {
        return manifest(cluster).path("epoch").asLong();
    }

    static void place(Cluster cluster, String controlFile) {
        try {
            Files.createFile(cluster.lab().data().resolve(controlFile));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers the exit code after which the JobManager is not started again. */
    static int awaitOver(Pod pod) {
        Await.until(
                "the end of the JobManager",
                Duration.ofMinutes(1),
                () -> pod.jobManager().over().isPresent());
        return pod.jobManager().over().orElse(-1);
    }

    /** Lets the job run to its end, on this pod's JobManager, and ends the pod. */
    static int finish(Cluster cluster, Pod pod) {
        Console.event("the job may finish");
        place(cluster, "drain");
        int exitCode = awaitOver(pod);
        if (cluster.spec().kind() == Kind.AGENT) {
            pod.agent().stop(Duration.ofSeconds(15));
        }
        return exitCode;
    }

    /** The claims of exactly-once, from what the job committed. */
    static Row verifyOutput(Row row, Cluster cluster) {
        CommittedOutput output = CommittedOutput.read(cluster.lab().data().resolve("out"), RECORDS);
        return row.figure("records", output.expected())
                .figure("recordsLost", output.lost())
                .figure("recordsDuplicated", output.duplicated())
                .figure("wrongCounts", output.wrongCounts())
                .claim("every record is committed exactly once", output.exactlyOnce());
    }
}
