package io.flinkha.lab.command;

import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Job;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Jobs as people bring them, through a JobManager kill on each line of the HA API; and what is
 * refused.
 */
final class LineJobs {
    private static final List<String> LINES = List.of("1.20", "2.2", "2.3");
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private LineJobs() {}

    static List<Trial> trials() {
        List<Trial> trials = new ArrayList<>();
        for (String line : LINES) {
            trials.add(FlinkLines.trial(line, "--jars, class from the manifest", LineJobs::jars));
            trials.add(FlinkLines.trial(line, "arguments like Flink's own", LineJobs::arguments));
            trials.add(FlinkLines.trial(line, "executeAsync", LineJobs::async));
            trials.add(FlinkLines.trial(line, "bounded, batch mode", LineJobs::batch));
            trials.add(FlinkLines.trial(line, "rescaled by REST", LineJobs::rescaled));
            trials.add(FlinkLines.trial(line, "SQL", LineJobs::sql));
            trials.add(FlinkLines.trial(line, "two jobs in one main()", LineJobs::twoJobs));
            trials.add(FlinkLines.trial(line, "two classes to choose from", LineJobs::ambiguous));
            trials.add(FlinkLines.trial(line, "Python", LineJobs::python));
            trials.add(FlinkLines.trial(line, "session cluster", LineJobs::session));
        }
        return trials;
    }

    /** Flink takes every word up to the next option for a jar. */
    private static void jars(Bench bench, ClusterSpec spec, Row row) {
        Path jar = spec.job().jars().getFirst();
        FlinkLines.jobManagerKilled(
                bench,
                spec.withJob(spec.job().withJars().withMainClass(""))
                        .withEntryPoint("--jars", jar.toUri().toString(), "--"),
                row);
    }

    /** Words after a bare {@code --} are the job's, whatever they look like. */
    private static void arguments(Bench bench, ClusterSpec spec, Row row) {
        String words = "-s here -n --jars there";
        ClusterSpec dashed = spec.withEntryPoint("--").withJob(spec.job().with(words.split(" ")));
        try (Cluster cluster = bench.start(spec.clusterId(), dashed)) {
            Stage.awaitSteady(cluster);
            row.claim("main() was given them", mainRuns(cluster).contains(words));
            FlinkLines.killedAndFinished(cluster, row);
        }
    }

    private static String mainRuns(Cluster cluster) {
        try {
            return Files.readString(cluster.lab().data().resolve("main-runs"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void async(Bench bench, ClusterSpec spec, Row row) {
        FlinkLines.jobManagerKilled(
                bench, spec.withJob(spec.job().with("--execute", "async")), row);
    }

    /** Without checkpoints a failover begins the stored plan anew; nothing was committed yet. */
    private static void batch(Bench bench, ClusterSpec spec, Row row) {
        try (Cluster cluster =
                bench.start(spec.clusterId(), spec.withFlink("execution.runtime-mode", "BATCH"))) {
            awaitSomeTask(cluster);
            int processes = cluster.jobManager().starts();
            long killedAt = cluster.jobManager().kill();
            Await.until("the next process", LIMIT, () -> cluster.jobManager().starts() > processes);
            awaitSomeTask(cluster);
            row.figure("toRunningMillis", System.currentTimeMillis() - killedAt);
            FlinkLines.exactlyOnce(cluster, row, 1);
        }
    }

    private static void awaitSomeTask(Cluster cluster) {
        Await.until("a task", LIMIT, () -> cluster.pod().rest().job().running() > 0);
    }

    /** The new parallelism is part of the stored plan. */
    private static void rescaled(Bench bench, ClusterSpec spec, Row row) {
        try (Cluster cluster =
                bench.start(spec.clusterId(), spec.withFlink("jobmanager.scheduler", "adaptive"))) {
            Stage.awaitSteady(cluster);
            int before = cluster.pod().rest().job().tasks();
            Console.event("--- parallelism 1");
            cluster.pod().rest().rescale(1);
            Await.until(
                    "fewer tasks",
                    LIMIT,
                    () ->
                            cluster.pod().rest().job().allRunning()
                                    && cluster.pod().rest().job().tasks() < before);
            int rescaled = cluster.pod().rest().job().tasks();
            Stage.awaitCheckpoints(cluster.pod(), 2, LIMIT);
            FlinkLines.killed(cluster, row);
            row.claim(
                    "it kept its new parallelism", cluster.pod().rest().job().tasks() == rescaled);
            FlinkLines.exactlyOnce(cluster, row, 1);
        }
    }

    private static void sql(Bench bench, ClusterSpec spec, Row row) {
        Job job = new Job(spec.job().jars(), "io.flinkha.demo.SqlJob", List.of(), true);
        try (Cluster cluster = bench.start(spec.clusterId(), spec.withJob(job))) {
            LineExamples.survive(cluster, row);
        }
    }

    private static void twoJobs(Bench bench, ClusterSpec spec, Row row) {
        refused(
                bench,
                spec.withJob(spec.job().with("--execute", "twice")),
                row,
                "one main() is one job");
    }

    private static void ambiguous(Bench bench, ClusterSpec spec, Row row) {
        Path other = bench.project().example("TopSpeedWindowing");
        refused(
                bench,
                spec.withJob(
                        spec.job().withJars(spec.job().jars().getFirst(), other).withMainClass("")),
                row,
                "flink-ha.job.class is not set");
    }

    private static void python(Bench bench, ClusterSpec spec, Row row) {
        refused(
                bench,
                spec.withJob(
                        spec.job().withMainClass("org.apache.flink.client.python.PythonDriver")),
                row,
                "Python programs are not supported");
    }

    private static void session(Bench bench, ClusterSpec spec, Row row) {
        refused(bench, spec.asSession(), row, "session cluster");
    }

    /** The JobManager ends with 1, and says why. */
    private static void refused(Bench bench, ClusterSpec spec, Row row, String part) {
        try (Cluster cluster = bench.start(spec.clusterId(), spec)) {
            Await.until("the refusal", LIMIT, () -> !cluster.jobManager().exitCodes().isEmpty());
            String sentence = cluster.pod().terminationMessage();
            row.figure("exitCode", cluster.jobManager().exitCodes().getFirst())
                    .claim("it ends with 1", cluster.jobManager().exitCodes().getFirst() == 1)
                    .claim("the sentence names it", sentence.contains(part))
                    .sentence(sentence);
        }
    }
}
