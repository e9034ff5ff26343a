package io.flinkha.lab.command;

import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.measure.Failover;
import io.flinkha.lab.measure.FileCensus;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.Set;

/** What a cluster costs the API server, and what it leaves behind. */
public final class Footprint implements Command {
    private static final Duration IDLE = Duration.ofMinutes(3);
    private static final int CHECKPOINTS = 200;
    private static final double MOST_IDLE_REQUESTS = 7;
    private static final double MOST_WRITES = 1.05;

    private final int failovers;

    public Footprint(int failovers) {
        this.failovers = failovers;
    }

    @Override
    public String name() {
        return "footprint";
    }

    @Override
    public void run(Bench bench, Report report) {
        idle(bench, report.row("idle-leader"));
        ClusterSpec fast =
                Stage.counting(bench, Kind.AGENT, "busy")
                        .withFlink("execution.checkpointing.interval", "300 ms");
        try (Cluster cluster = bench.start("busy", fast)) {
            Stage.awaitSteady(cluster);
            checkpoints(cluster, report.row("checkpoints"));
            filesLeft(cluster, report.row("files-left"));
        }
    }

    private static void idle(Bench bench, Row row) {
        ClusterSpec calm =
                Stage.counting(bench, Kind.AGENT, "idle")
                        .withFlink("execution.checkpointing.interval", "1 h");
        try (Cluster cluster = bench.start("idle", calm)) {
            Await.until(
                    "the job RUNNING",
                    Duration.ofMinutes(2),
                    () -> cluster.pod().rest().job().allRunning());
            Console.event("=== an idle leader for %d s".formatted(IDLE.toSeconds()));
            // What a start still writes must not count as idle.
            Await.pass(Duration.ofSeconds(10));
            ApiWindow window = ApiWindow.over(cluster, IDLE);
            row.figure("windowSeconds", IDLE.toSeconds())
                    .figure("apiRequestsPerMinute", window.allPerMinute())
                    .claim(
                            "at most " + MOST_IDLE_REQUESTS + " API requests a minute",
                            window.allPerMinute() <= MOST_IDLE_REQUESTS);
        }
    }

    private static void checkpoints(Cluster cluster, Row row) {
        Console.event("=== %d checkpoints".formatted(CHECKPOINTS));
        ApiWindow window = ApiWindow.ofCheckpoints(cluster, CHECKPOINTS, Duration.ofMinutes(5));
        row.figure("checkpoints", window.checkpoints())
                .figure("apiWritesPerCheckpoint", window.writesPerCheckpoint())
                .figure("apiRequestsPerCheckpoint", window.requestsPerCheckpoint())
                .claim(
                        "at most " + MOST_WRITES + " writes for each checkpoint",
                        window.writesPerCheckpoint() <= MOST_WRITES);
    }

    private void filesLeft(Cluster cluster, Row row) {
        for (int i = 0; i < failovers; i++) {
            Console.event("=== failover %d of %d".formatted(i + 1, failovers));
            Failover failover = Failover.byKilling(cluster);
            row.claim("restored from the newest checkpoint", failover.fromLatest());
        }
        Set<String> beforeCancel = FileCensus.below(cluster.lab().checkpoints());
        cluster.pod().rest().cancel();
        Await.until(
                "the end of the cancelled job's JobManager",
                Duration.ofMinutes(1),
                () -> cluster.jobManager().over().isPresent());
        row.figure("failovers", failovers).figure("filesBeforeCancel", beforeCancel.size());
        LeftFiles.of(cluster).addTo(row);
    }
}
