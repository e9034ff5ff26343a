package io.flinkha.lab.experiment.failover;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.Application;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.application.Undisturbed;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.JobManagerRest.CheckpointView;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.time.Duration;

/** The API server is away for 30 s: the job runs on, its checkpoints wait. */
public final class ApiOutage implements LocalExperiment {
    private static final Duration AWAY = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "api-outage";
    }

    @Override
    public void run(Workbench bench, Report report) {
        try (LocalApplication application =
                bench.start("api-outage", bench.counting(Side.AGENT, "api-outage"))) {
            application.awaitSteady();
            BeforeFault before = BeforeFault.of(application);
            Console.event("=== the API server is away");
            long from = System.currentTimeMillis();
            application.proxy().refuse();
            Await.pass(AWAY);
            CheckpointView during = application.rest().checkpoints();
            boolean ranOn = application.rest().job().allRunning();
            application.proxy().accept();
            long backAt = System.currentTimeMillis();
            Console.event("=== the API server is back");
            application.awaitCheckpoints(1, Duration.ofMinutes(1));
            long nextAfter = System.currentTimeMillis() - backAt;
            application.awaitCheckpoints(5, Duration.ofMinutes(1));
            Undisturbed after = Aftermath.of(application, before, from).undisturbed();
            Row row =
                    report.row("api-away-30-s")
                            .figure("awayMillis", backAt - from)
                            .figure(
                                    "completedWhileAway",
                                    during.completed() - before.checkpoints().completed())
                            .figure("nextCompletedAfterReturnMillis", nextAfter)
                            .figure(
                                    "longestWithoutCheckpointMillis",
                                    application.longestWithoutCheckpoint(from))
                            .figure("failedCheckpoints", after.failedCheckpoints())
                            .figure(
                                    "processingGapMillis",
                                    application.processingGapMillis(from, backAt))
                            .figure("epochBefore", after.epochBefore())
                            .figure("epochAfter", after.epochAfter());
            after.claim(row.claim("the job ran on", ranOn));
            int exitCode = application.finish();
            application
                    .output(Application.RECORDS)
                    .verify(row)
                    .claim("the job finished", exitCode == 0);
        }
    }
}
