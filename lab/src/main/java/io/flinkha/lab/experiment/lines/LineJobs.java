package io.flinkha.lab.experiment.lines;

import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.experiment.Trial;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.FlinkJob;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.report.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Jobs as people bring them, through a JobManager kill on each line of the HA API; and what is
 * refused.
 */
final class LineJobs {
    static final List<String> LINES = List.of("1.20", "2.2", "2.3");
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
    private static void jars(Workbench bench, ApplicationSpec spec, Row row) {
        Path jar = spec.job().jars().getFirst();
        FlinkLines.jobManagerKilled(
                bench,
                spec.withJob(spec.job().withJars().withMainClass(""))
                        .withEntryPoint("--jars", jar.toUri().toString(), "--"),
                row);
    }

    /** Words after a bare {@code --} are the job's, whatever they look like. */
    private static void arguments(Workbench bench, ApplicationSpec spec, Row row) {
        String words = "-s here -n --jars there";
        ApplicationSpec dashed =
                spec.withEntryPoint("--").withJob(spec.job().with(words.split(" ")));
        try (LocalApplication application = bench.start(spec.clusterId(), dashed)) {
            application.awaitSteady();
            row.claim(
                    "main() was given them",
                    Directories.text(application.data().resolve("main-runs")).contains(words));
            FlinkLines.killedAndFinished(application, row);
        }
    }

    private static void async(Workbench bench, ApplicationSpec spec, Row row) {
        FlinkLines.jobManagerKilled(
                bench, spec.withJob(spec.job().with("--execute", "async")), row);
    }

    /** Without checkpoints a failover begins the stored plan anew; nothing was committed yet. */
    private static void batch(Workbench bench, ApplicationSpec spec, Row row) {
        try (LocalApplication application =
                bench.start(spec.clusterId(), spec.withFlink("execution.runtime-mode", "BATCH"))) {
            awaitSomeTask(application);
            int processes = application.jobManager().starts();
            long killedAt = application.jobManager().kill();
            Await.until(
                    "the next process", LIMIT, () -> application.jobManager().starts() > processes);
            awaitSomeTask(application);
            row.figure("toRunningMillis", System.currentTimeMillis() - killedAt);
            FlinkLines.exactlyOnce(application, row, 1);
        }
    }

    private static void awaitSomeTask(LocalApplication application) {
        Await.until("a task", LIMIT, () -> application.rest().job().running() > 0);
    }

    /** The new parallelism is part of the stored plan. */
    private static void rescaled(Workbench bench, ApplicationSpec spec, Row row) {
        try (LocalApplication application =
                bench.start(spec.clusterId(), spec.withFlink("jobmanager.scheduler", "adaptive"))) {
            application.awaitSteady();
            int before = application.rest().job().tasks();
            Console.event("--- parallelism 1");
            application.rest().rescale(1);
            Await.until(
                    "fewer tasks",
                    LIMIT,
                    () ->
                            application.rest().job().allRunning()
                                    && application.rest().job().tasks() < before);
            int rescaled = application.rest().job().tasks();
            application.awaitCheckpoints(2, LIMIT);
            FlinkLines.killed(application, row);
            row.claim("it kept its new parallelism", application.rest().job().tasks() == rescaled);
            FlinkLines.exactlyOnce(application, row, 1);
        }
    }

    private static void sql(Workbench bench, ApplicationSpec spec, Row row) {
        FlinkJob job = new FlinkJob(spec.job().jars(), "io.flinkha.demo.SqlJob", List.of(), true);
        try (LocalApplication application = bench.start(spec.clusterId(), spec.withJob(job))) {
            LineExamples.survive(application, row);
        }
    }

    private static void twoJobs(Workbench bench, ApplicationSpec spec, Row row) {
        refused(
                bench,
                spec.withJob(spec.job().with("--execute", "twice")),
                row,
                "one main() is one job");
    }

    private static void ambiguous(Workbench bench, ApplicationSpec spec, Row row) {
        Path other = bench.project().example("TopSpeedWindowing");
        refused(
                bench,
                spec.withJob(
                        spec.job().withJars(spec.job().jars().getFirst(), other).withMainClass("")),
                row,
                "flink-ha.job.class is not set");
    }

    private static void python(Workbench bench, ApplicationSpec spec, Row row) {
        refused(
                bench,
                spec.withJob(
                        spec.job().withMainClass("org.apache.flink.client.python.PythonDriver")),
                row,
                "Python programs are not supported");
    }

    private static void session(Workbench bench, ApplicationSpec spec, Row row) {
        refused(bench, spec.asSession(), row, "session cluster");
    }

    /** The JobManager ends with 1, and says why. */
    private static void refused(Workbench bench, ApplicationSpec spec, Row row, String part) {
        try (LocalApplication application = bench.start(spec.clusterId(), spec)) {
            Await.until(
                    "the refusal", LIMIT, () -> !application.jobManager().exitCodes().isEmpty());
            String sentence = application.pod().terminationMessage();
            row.figure("exitCode", application.jobManager().exitCodes().getFirst())
                    .claim("it ends with 1", application.jobManager().exitCodes().getFirst() == 1)
                    .claim("the sentence names it", sentence.contains(part))
                    .sentence(sentence);
        }
    }
}
