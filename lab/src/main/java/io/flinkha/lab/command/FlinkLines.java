package io.flinkha.lab.command;

import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.FlinkDistribution;
import io.flinkha.lab.command.LastRun.End;
import io.flinkha.lab.measure.Failover;
import io.flinkha.lab.process.Ports;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The same behaviour on every line of Flink, each run by its own scripts. */
public final class FlinkLines implements Command {
    static final List<String> LINES = List.of("1.20", "2.0", "2.1", "2.2", "2.3");

    private static final List<String> FIGURES =
            List.of(
                    "toRunningMillis",
                    "restoredFrom",
                    "mainRuns",
                    "recordsLost",
                    "recordsDuplicated",
                    "exitCode");

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final String only;

    /** With the trials in whose names this expression is found; all of them if it is empty. */
    public FlinkLines(String only) {
        this.only = only;
    }

    @Override
    public String name() {
        return "flink-lines";
    }

    @Override
    public void run(Bench bench, Report report) {
        List<Trial> trials = new ArrayList<>();
        for (String line : LINES) {
            trials.add(trial(line, "JobManager SIGKILL", FlinkLines::jobManagerKilled));
            trials.add(trial(line, "main() throws on failover", FlinkLines::throwingMain));
            trials.add(trial(line, "agent SIGKILL", FlinkLines::agentKilled));
            trials.add(trial(line, "FAILED, fixed, restored", FlinkLines::failedAndFixed));
            trials.add(trial(line, "cancelled", FlinkLines::cancelled));
            trials.add(trial(line, "finished", FlinkLines::finished));
        }
        trials.addAll(LineJobs.trials());
        trials.addAll(LineExamples.trials());
        trials.addAll(LineUpgrades.trials());
        trials.replaceAll(FlinkLines::withAllFigures);
        Trial.run(bench, report, "fl", only, trials);
        LineSources.addTo(report, bench.project().root());
    }

    /** Only rows with the same figures stand in one table. */
    private static Trial withAllFigures(Trial trial) {
        return new Trial(
                trial.name(),
                (bench, id, row) -> {
                    FIGURES.forEach(figure -> row.figure(figure, null));
                    trial.act().run(bench, id, row);
                });
    }

    /** What happens on a line's cluster. */
    interface Body {
        void run(Bench bench, ClusterSpec spec, Row row);
    }

    static Trial trial(String line, String what, Body body) {
        return new Trial(
                line + ": " + what,
                (bench, id, row) -> body.run(bench, spec(bench, id, line), row));
    }

    static ClusterSpec spec(Bench bench, String id, String line) {
        return Trial.spec(bench, id)
                .withFlink("restart-strategy.type", "none")
                .withDistribution(FlinkDistribution.of(bench.project(), line));
    }

    static void jobManagerKilled(Bench bench, ClusterSpec spec, Row row) {
        try (Cluster cluster = bench.start(spec.clusterId(), spec)) {
            Stage.awaitSteady(cluster);
            killedAndFinished(cluster, row);
        }
    }

    static void killedAndFinished(Cluster cluster, Row row) {
        killed(cluster, row);
        exactlyOnce(cluster, row, 1);
    }

    static void killed(Cluster cluster, Row row) {
        Failover failover = Failover.byKilling(cluster);
        Start start = Start.of(cluster.jobManager().current().log());
        row.figure("toRunningMillis", failover.toRunningMillis())
                .figure("restoredFrom", start.restoredFrom())
                .claim("restored from the newest checkpoint", failover.fromLatest());
    }

    private static void throwingMain(Bench bench, ClusterSpec spec, Row row) {
        jobManagerKilled(bench, spec.withJob(spec.job().with("--second-main", "throws")), row);
    }

    private static void agentKilled(Bench bench, ClusterSpec spec, Row row) {
        try (Cluster cluster = bench.start(spec.clusterId(), spec)) {
            Stage.awaitSteady(cluster);
            long jobManager = cluster.jobManager().current().pid();
            long failed = cluster.pod().rest().checkpoints().failed();
            cluster.pod().agent().kill();
            Await.until("the agent", LIMIT, () -> Ports.answers(cluster.pod().controlPort()));
            Stage.awaitCheckpoints(cluster.pod(), 3, LIMIT);
            // No task left RUNNING: that is what the claims say.
            row.figure("toRunningMillis", 0)
                    .claim("all tasks run", cluster.pod().rest().job().allRunning())
                    .claim(
                            "the JobManager lived on",
                            cluster.jobManager().current().pid() == jobManager)
                    .claim(
                            "no checkpoint failed",
                            cluster.pod().rest().checkpoints().failed() == failed);
            exactlyOnce(cluster, row, 1);
        }
    }

    private static void failedAndFixed(Bench bench, ClusterSpec spec, Row row) {
        try (Cluster cluster = bench.start(spec.clusterId(), spec)) {
            LastRun last = LastRun.of(cluster, End.FAILED);
            row.claim("it ended as FAILED", cluster.jobManager().over().orElse(-1) == 163);
            restores(cluster, cluster::replaceJob, spec, last.checkpoint(), row);
        }
    }

    /** A new Job goes on from that state. */
    static void restores(
            Cluster cluster, NextJob next, ClusterSpec spec, String expected, Row row) {
        Console.event("--- a new Job");
        long applied = System.currentTimeMillis();
        next.replace(spec);
        Start start = Start.await(cluster.pod(), 0);
        row.figure("toRunningMillis", System.currentTimeMillis() - applied)
                .figure("restoredFrom", start.restoredFrom())
                .claim("it is a RESTORE", start.kind().equals("RESTORE"))
                .claim("from " + Start.name(expected), start.restored().equals(expected));
        exactlyOnce(cluster, row, 2);
    }

    /** How the next Job takes the place of the one before. */
    interface NextJob {
        Object replace(ClusterSpec spec);
    }

    private static void cancelled(Bench bench, ClusterSpec spec, Row row) {
        try (Cluster cluster = bench.start(spec.clusterId(), spec)) {
            LastRun last = LastRun.of(cluster, End.CANCELED);
            int exitCode = cluster.jobManager().over().orElse(-1);
            row.figure("mainRuns", last.mainRuns())
                    .figure("exitCode", exitCode)
                    .claim("exit code 0", exitCode == 0)
                    .claim("it is recorded", result(cluster).equals("CANCELED"))
                    .claim(
                            "its state is kept",
                            Files.exists(Path.of(URI.create(last.checkpoint() + "/_metadata"))));
        }
    }

    private static void finished(Bench bench, ClusterSpec spec, Row row) {
        try (Cluster cluster = bench.start(spec.clusterId(), spec)) {
            Stage.awaitSteady(cluster);
            exactlyOnce(cluster, row, 1);
            row.claim("it is recorded", result(cluster).equals("FINISHED"))
                    .claim(
                            "with no savepoint",
                            Stage.manifest(cluster)
                                    .path("result")
                                    .path("savepoint")
                                    .asText("?")
                                    .isEmpty());
        }
    }

    private static String result(Cluster cluster) {
        return Stage.manifest(cluster).path("result").path("status").asText();
    }

    static void exactlyOnce(Cluster cluster, Row row, int mainRuns) {
        row.claim(
                        "every record is committed exactly once",
                        Trial.finish(cluster, row).exactlyOnce())
                .figure("exitCode", cluster.jobManager().over().orElse(-1))
                .claim("main() ran as often as it had to", cluster.mainRuns() == mainRuns);
    }
}
