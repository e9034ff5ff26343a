package io.flinkha.lab.command;

import io.flinkha.lab.Await;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Job;
import io.flinkha.lab.process.LineSource;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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

    private static void run(Bench bench, String id, Row row, String line, Example example) {
        try (LineSource lines = LineSource.open("INSERT|words|1")) {
            Job job =
                    Job.foreign(
                            bench.project().demoJob(),
                            bench.project().example(example.jar()),
                            example.mainClass(),
                            example.arguments().stream()
                                    .map(word ->
                                            word.replace("@PORT@", Integer.toString(lines.port()))
                                                    .replace("@TEXT@", text(bench).toString()))
                                    .toList());
            ClusterSpec spec = FlinkLines.spec(bench, id, line).withJob(job);
            try (Cluster cluster = bench.start(id, spec)) {
                if (example.checkpoints()) {
                    survive(cluster, row);
                } else {
                    beginAnew(cluster, row);
                }
            }
        }
    }

    /** It runs on from its newest checkpoint, and its main() did not run again. */
    static void survive(Cluster cluster, Row row) {
        Stage.awaitSteady(cluster);
        FlinkLines.killed(cluster, row);
        row.figure("mainRuns", cluster.mainRuns())
                .claim("main() ran once", cluster.mainRuns() == 1)
                .claim("one job", cluster.pod().rest().jobs() == 1);
    }

    /** Without a checkpoint the stored plan runs from its beginning. */
    private static void beginAnew(Cluster cluster, Row row) {
        awaitRunning(cluster, 0);
        long killedAt = cluster.jobManager().kill();
        awaitRunning(cluster, 1);
        row.figure("toRunningMillis", System.currentTimeMillis() - killedAt)
                .figure("mainRuns", cluster.mainRuns())
                .claim("main() ran once", cluster.mainRuns() == 1)
                .claim("one job", cluster.pod().rest().jobs() == 1);
    }

    private static void awaitRunning(Cluster cluster, int processesBefore) {
        Await.until(
                "all tasks RUNNING",
                LIMIT,
                () ->
                        cluster.jobManager().starts() > processesBefore
                                && cluster.pod().rest().job().allRunning());
    }

    private static Path text(Bench bench) {
        try {
            Path directory = Files.createDirectories(bench.directory().resolve("text"));
            Files.writeString(directory.resolve("words"), "to be or not to be\n".repeat(1000));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
