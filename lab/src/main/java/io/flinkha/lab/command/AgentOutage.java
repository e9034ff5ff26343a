package io.flinkha.lab.command;

import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.measure.JobManagerRest.CheckpointView;
import io.flinkha.lab.measure.Pulses;
import io.flinkha.lab.process.Child;
import io.flinkha.lab.process.Ports;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.time.Duration;

/** The agent dies and stays away for a while, under a job that makes a checkpoint each second. */
public final class AgentOutage implements Command {
    @Override
    public String name() {
        return "agent-outage";
    }

    @Override
    public void run(Bench bench, Report report) {
        try (Cluster cluster =
                bench.start("agent-outage", Stage.counting(bench, Kind.AGENT, "agent-outage"))) {
            Stage.awaitSteady(cluster);
            claimNothingHappened(outage(cluster, report.row("away-3-s"), 3, false));
            claimNothingHappened(outage(cluster, report.row("away-20-s"), 20, false));
            finish(cluster, report.row("job"));
        }
        ClusterSpec oneCore = Stage.counting(bench, Kind.AGENT, "one-core").withOneCore();
        try (Cluster cluster = bench.start("one-core", oneCore)) {
            Stage.awaitSteady(cluster);
            Row row = report.row("away-20-s-task-fails");
            Outage outage = outage(cluster, row, 20, true);
            row.claim("the job runs again", outage.runs());
            finish(cluster, report.row("job-one-core"));
        }
    }

    private record Outage(
            Row row,
            boolean runs,
            boolean sameJobManager,
            boolean sameEpoch,
            long failed,
            int tasks) {}

    private static void claimNothingHappened(Outage outage) {
        outage.row()
                .claim("the job runs", outage.runs())
                .claim("the same JobManager process", outage.sameJobManager())
                .claim("the same epoch", outage.sameEpoch())
                .claim("no checkpoint failed", outage.failed() == 0)
                .claim("no task failed", outage.tasks() == 0);
    }

    private static Outage outage(Cluster cluster, Row row, int seconds, boolean failTask) {
        Console.event("=== the agent is away for %d s".formatted(seconds));
        Child agent = cluster.pod().agent();
        Child jobManager = cluster.jobManager();
        long epoch = Stage.epoch(cluster);
        long pid = jobManager.current().pid();
        int agentStarts = agent.starts();
        CheckpointView before = cluster.pod().rest().checkpoints();
        agent.restartDelay(Duration.ofSeconds(seconds));
        long killedAt = agent.kill();
        if (failTask) {
            Await.pass(Duration.ofSeconds(5));
            Console.event("one task fails");
            Stage.place(cluster, "fail");
        }
        Await.until(
                "the agent's return",
                Duration.ofMinutes(2),
                () -> agent.starts() > agentStarts && Ports.answers(cluster.pod().controlPort()));
        long backAt = System.currentTimeMillis();
        Await.until(
                "the job RUNNING",
                Duration.ofMinutes(2),
                () -> cluster.pod().rest().job().allRunning());
        Stage.awaitCheckpoints(cluster.pod(), 5, Duration.ofMinutes(1));
        agent.restartDelay(Duration.ZERO);
        CheckpointView after = cluster.pod().rest().checkpoints();
        boolean sameProcess = jobManager.current().pid() == pid;
        // A JobManager that restarted counts from nought again.
        long failed = sameProcess ? after.failed() - before.failed() : after.failed();
        int taskFailures = Stage.taskFailures(cluster, killedAt);
        long gap =
                Pulses.read(cluster.lab().data().resolve("pulse"))
                        .longestGapMillis(killedAt, System.currentTimeMillis());
        row.figure("awayMillis", backAt - killedAt)
                .figure("failedCheckpoints", failed)
                .figure("taskFailures", taskFailures)
                .figure(
                        "longestWithoutCheckpointMillis",
                        Stage.longestWithoutCheckpoint(cluster, killedAt))
                .figure("processingGapMillis", gap)
                .figure("epochBefore", epoch)
                .figure("epochAfter", Stage.epoch(cluster))
                .figure("jobManagerStarts", jobManager.starts())
                .figure("mainRuns", cluster.mainRuns());
        return new Outage(
                row,
                cluster.pod().rest().job().allRunning(),
                sameProcess,
                Stage.epoch(cluster) == epoch,
                failed,
                taskFailures);
    }

    private static void finish(Cluster cluster, Row row) {
        int exitCode = Stage.finish(cluster, cluster.pod());
        row.figure("exitCode", exitCode).figure("mainRuns", cluster.mainRuns());
        Stage.verifyOutput(row, cluster).claim("the job finished", exitCode == 0);
    }
}
