package io.flinkha.lab.experiment.failover;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.Application;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.application.Undisturbed;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.process.Child;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.time.Duration;

/** The agent dies and stays away for a while, under a job that makes a checkpoint each second. */
public final class AgentOutage implements LocalExperiment {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Override
    public String name() {
        return "agent-outage";
    }

    @Override
    public void run(Workbench bench, Report report) {
        try (LocalApplication application =
                bench.start("agent-outage", bench.counting(Side.AGENT, "agent-outage"))) {
            application.awaitSteady();
            undisturbed(application, report.row("away-3-s"), 3);
            undisturbed(application, report.row("away-20-s"), 20);
            finish(application, report.row("job"));
        }
        ApplicationSpec oneCore = bench.counting(Side.AGENT, "one-core").withOneCore();
        try (LocalApplication application = bench.start("one-core", oneCore)) {
            application.awaitSteady();
            Row row = report.row("away-20-s-task-fails");
            Undisturbed after = outage(application, row, 20, true);
            row.claim("the job runs again", after.runs());
            finish(application, report.row("job-one-core"));
        }
    }

    private static void undisturbed(LocalApplication application, Row row, int seconds) {
        Undisturbed after = outage(application, row, seconds, false);
        after.claim(row);
    }

    private static Undisturbed outage(
            LocalApplication application, Row row, int seconds, boolean failTask) {
        Console.event("=== the agent is away for %d s".formatted(seconds));
        Child agent = application.pod().agent();
        BeforeFault before = BeforeFault.of(application);
        agent.restartDelay(Duration.ofSeconds(seconds));
        long killedAt = application.killAgent();
        if (failTask) {
            Await.pass(Duration.ofSeconds(5));
            Console.event("one task fails");
            application.place("fail");
        }
        Aftermath aftermath = Aftermath.of(application, before, killedAt);
        long backAt = aftermath.awaitAgent(LIMIT);
        application.awaitRunning();
        Undisturbed after = aftermath.awaitUndisturbed(5, Duration.ofMinutes(1));
        agent.restartDelay(Duration.ZERO);
        row.figure("awayMillis", backAt - killedAt)
                .figure("failedCheckpoints", after.failedCheckpoints())
                .figure("taskFailures", after.taskFailures())
                .figure(
                        "longestWithoutCheckpointMillis",
                        application.longestWithoutCheckpoint(killedAt))
                .figure("processingGapMillis", after.processingGapMillis())
                .figure("epochBefore", after.epochBefore())
                .figure("epochAfter", after.epochAfter())
                .figure("jobManagerStarts", application.jobManager().starts())
                .figure("mainRuns", application.mainRuns());
        return after;
    }

    private static void finish(LocalApplication application, Row row) {
        int exitCode = application.finish();
        row.figure("exitCode", exitCode).figure("mainRuns", application.mainRuns());
        application
                .output(Application.RECORDS)
                .verify(row)
                .claim("the job finished", exitCode == 0);
    }
}
