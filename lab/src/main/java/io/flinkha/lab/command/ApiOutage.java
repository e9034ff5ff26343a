package io.flinkha.lab.command;

import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.measure.JobManagerRest.CheckpointView;
import io.flinkha.lab.measure.Pulses;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.time.Duration;

/** The API server is away for 30 s: the job runs on, its checkpoints wait. */
public final class ApiOutage implements Command {
    private static final Duration AWAY = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "api-outage";
    }

    @Override
    public void run(Bench bench, Report report) {
        try (Cluster cluster =
                bench.start("api-outage", Stage.counting(bench, Kind.AGENT, "api-outage"))) {
            Stage.awaitSteady(cluster);
            long epoch = Stage.epoch(cluster);
            long pid = cluster.jobManager().current().pid();
            CheckpointView before = cluster.pod().rest().checkpoints();
            Console.event("=== the API server is away");
            long from = System.currentTimeMillis();
            cluster.proxy().refuse();
            Await.pass(AWAY);
            CheckpointView during = cluster.pod().rest().checkpoints();
            boolean ranOn = cluster.pod().rest().job().allRunning();
            cluster.proxy().accept();
            long backAt = System.currentTimeMillis();
            Console.event("=== the API server is back");
            Stage.awaitCheckpoints(cluster.pod(), 1, Duration.ofMinutes(1));
            long nextAfter = System.currentTimeMillis() - backAt;
            Stage.awaitCheckpoints(cluster.pod(), 5, Duration.ofMinutes(1));
            CheckpointView after = cluster.pod().rest().checkpoints();
            Row row =
                    report.row("api-away-30-s")
                            .figure("awayMillis", backAt - from)
                            .figure("completedWhileAway", during.completed() - before.completed())
                            .figure("nextCompletedAfterReturnMillis", nextAfter)
                            .figure(
                                    "longestWithoutCheckpointMillis",
                                    Stage.longestWithoutCheckpoint(cluster, from))
                            .figure("failedCheckpoints", after.failed() - before.failed())
                            .figure(
                                    "processingGapMillis",
                                    Pulses.read(cluster.lab().data().resolve("pulse"))
                                            .longestGapMillis(from, backAt))
                            .figure("epochBefore", epoch)
                            .figure("epochAfter", Stage.epoch(cluster));
            row.claim("the job ran on", ranOn)
                    .claim(
                            "the same JobManager process",
                            cluster.jobManager().current().pid() == pid)
                    .claim("the same epoch", Stage.epoch(cluster) == epoch)
                    .claim("no checkpoint failed", after.failed() == before.failed());
            int exitCode = Stage.finish(cluster, cluster.pod());
            Stage.verifyOutput(row, cluster).claim("the job finished", exitCode == 0);
        }
    }
}
