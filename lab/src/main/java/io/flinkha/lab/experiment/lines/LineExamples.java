package io.flinkha.lab.experiment.lines;

import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.experiment.Trial;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.FlinkJob;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.process.LineSource;
import io.flinkha.lab.report.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Flink's own example jobs through a JobManager kill: none of them knows of us. */
final class LineExamples {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String STREAMING = "org.apache.flink.streaming.examples.";

    /**
     * @param checkpoints whether it ever completes one: the source of Flink's Table example reads
     *     its socket without a pause in which it could
     */
    private record Example(
            String jar, String mainClass, List<String> arguments, boolean checkpoints) {
        Example(String jar, String mainClass, List<String> arguments) {
            this(jar, mainClass, arguments, true);
        }

        String title() {
            return mainClass.substring(mainClass.lastIndexOf('.') + 1);
        }
    }

    private LineExamples() {}

    static List<Trial> trials() {
        List<Trial> trials = new ArrayList<>();
        for (String line : List.of("1.20", "2.3")) {
            streaming(line).forEach(example -> trials.add(trial(line, example)));
        }
        trials.add(
                trial(
                        "2.3",
                        new Example(
                                "table-2.3",
                                "org.apache.flink.table.examples.java.connectors.ChangelogSocketExample",
                                List.of("--hostname", "127.0.0.1", "--port", "@PORT@"),
                                false)));
        return trials;
    }

    private static List<Example> streaming(String line) {
        String jar = "streaming-" + line;
        return List.of(
                new Example(jar, STREAMING + "statemachine.StateMachineExample", List.of()),
                new Example(jar, STREAMING + "windowing.TopSpeedWindowing", List.of()),
                new Example(jar, STREAMING + "join.WindowJoin", List.of()),
                new Example(
                        jar,
                        STREAMING + "wordcount.WordCount",
                        List.of("--input", "@TEXT@", "--discovery-interval", "1s")),
                new Example(
                        jar,
                        STREAMING + "socket.SocketWindowWordCount",
                        List.of("--hostname", "127.0.0.1", "--port", "@PORT@")));
    }

    private static Trial trial(String line, Example example) {
        return new Trial(
                line + ": " + example.title(),
                (bench, id, row) -> run(bench, id, row, line, example));
    }

    private static void run(Workbench bench, String id, Row row, String line, Example example) {
        try (LineSource lines = LineSource.open("INSERT|words|1")) {
            FlinkJob job =
                    FlinkJob.foreign(
                            bench.project().demoJob(),
                            bench.project().example(example.jar()),
                            example.mainClass(),
                            example.arguments().stream()
                                    .map(word ->
                                            word.replace("@PORT@", Integer.toString(lines.port()))
                                                    .replace("@TEXT@", text(bench).toString()))
                                    .toList());
            ApplicationSpec spec = FlinkLines.spec(bench, id, line).withJob(job);
            try (LocalApplication application = bench.start(id, spec)) {
                if (example.checkpoints()) {
                    survive(application, row);
                } else {
                    beginAnew(application, row);
                }
            }
        }
    }

    /** It runs on from its newest checkpoint, and its main() did not run again. */
    static void survive(LocalApplication application, Row row) {
        application.awaitSteady();
        FlinkLines.killed(application, row);
        row.figure("mainRuns", application.mainRuns())
                .claim("main() ran once", application.mainRuns() == 1)
                .claim("one job", application.rest().jobs() == 1);
    }

    /** Without a checkpoint the stored plan runs from its beginning. */
    private static void beginAnew(LocalApplication application, Row row) {
        awaitRunning(application, 0);
        long killedAt = application.jobManager().kill();
        awaitRunning(application, 1);
        row.figure("toRunningMillis", System.currentTimeMillis() - killedAt)
                .figure("mainRuns", application.mainRuns())
                .claim("main() ran once", application.mainRuns() == 1)
                .claim("one job", application.rest().jobs() == 1);
    }

    private static void awaitRunning(LocalApplication application, int processesBefore) {
        Await.until(
                "all tasks RUNNING",
                LIMIT,
                () ->
                        application.jobManager().starts() > processesBefore
                                && application.rest().job().allRunning());
    }

    private static Path text(Workbench bench) {
        Path directory = bench.directory().resolve("text");
        var unused =
                Directories.write(directory.resolve("words"), "to be or not to be\n".repeat(1000));
        return directory;
    }
}
