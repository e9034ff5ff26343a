package io.flinkha.lab.experiment.operations;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.Failover;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.experiment.state.LeftFiles;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.FileCensus;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.Set;

/** What a cluster costs the API server, and what it leaves behind. */
public final class Footprint implements LocalExperiment {
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
    public void run(Workbench bench, Report report) {
        idle(bench, report.row("idle-leader"));
        ApplicationSpec fast =
                bench.counting(Side.AGENT, "busy")
                        .withFlink("execution.checkpointing.interval", "300 ms");
        try (LocalApplication application = bench.start("busy", fast)) {
            application.awaitSteady();
            checkpoints(application, report.row("checkpoints"));
            filesLeft(application, report.row("files-left"));
        }
    }

    private static void idle(Workbench bench, Row row) {
        ApplicationSpec calm =
                bench.counting(Side.AGENT, "idle")
                        .withFlink("execution.checkpointing.interval", "1 h");
        try (LocalApplication application = bench.start("idle", calm)) {
            Await.until(
                    "the job RUNNING",
                    Duration.ofMinutes(2),
                    () -> application.rest().job().allRunning());
            Console.event("=== an idle leader for %d s".formatted(IDLE.toSeconds()));
            // What a start still writes must not count as idle.
            Await.pass(Duration.ofSeconds(10));
            ApiWindow window = ApiWindow.over(application, IDLE);
            row.figure("windowSeconds", IDLE.toSeconds())
                    .figure("apiRequestsPerMinute", window.allPerMinute())
                    .claim(
                            "at most " + MOST_IDLE_REQUESTS + " API requests a minute",
                            window.allPerMinute() <= MOST_IDLE_REQUESTS);
        }
    }

    private static void checkpoints(LocalApplication application, Row row) {
        Console.event("=== %d checkpoints".formatted(CHECKPOINTS));
        ApiWindow window = ApiWindow.ofCheckpoints(application, CHECKPOINTS, Duration.ofMinutes(5));
        row.figure("checkpoints", window.checkpoints())
                .figure("apiWritesPerCheckpoint", window.writesPerCheckpoint())
                .figure("apiRequestsPerCheckpoint", window.requestsPerCheckpoint())
                .claim(
                        "at most " + MOST_WRITES + " writes for each checkpoint",
                        window.writesPerCheckpoint() <= MOST_WRITES);
    }

    private void filesLeft(LocalApplication application, Row row) {
        for (int i = 0; i < failovers; i++) {
            Console.event("=== failover %d of %d".formatted(i + 1, failovers));
            Failover failover = Aftermath.ofKilledJobManager(application);
            failover.claimFromLatest(row);
        }
        Set<String> beforeCancel = FileCensus.below(application.directory().checkpoints());
        application.rest().cancel();
        Await.until(
                "the end of the cancelled job's JobManager",
                Duration.ofMinutes(1),
                () -> application.jobManager().over().isPresent());
        row.figure("failovers", failovers).figure("filesBeforeCancel", beforeCancel.size());
        LeftFiles.of(application).addTo(row);
    }
}
