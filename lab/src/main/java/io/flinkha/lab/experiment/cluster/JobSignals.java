package io.flinkha.lab.experiment.cluster;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.Kustomize;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Row;
import java.time.Duration;

/** What the agent tells the Job, and what a person does. */
public final class JobSignals {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final String TWO_FAILURES =
            Kustomize.patchOfJob(
                    """
                    - op: add
                      path: /spec/template/spec/initContainers/1/env/-
                      value: { name: FLINK_HA_RESTART_MAX_FAILURES, value: "2" }
                    """);

    private JobSignals() {}

    /** In place the Job counts nothing, so without the agent this would go on for ever. */
    public static void budgetUsedUp(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "budget", TWO_FAILURES)) {
            application.awaitSteady();
            Row row = rows.row("budget-used-up");
            BeforeFault before = BeforeFault.of(application);
            Console.event("--- the JobManager is killed for the first time");
            long first = System.currentTimeMillis();
            application.killJobManager();
            Aftermath.of(application, before, first).awaitFailover(row, LIMIT);
            long pointer = application.pointer();
            Console.event("--- the JobManager is killed for the second time");
            long second = System.currentTimeMillis();
            application.killJobManager();
            application.awaitJob("Failed", LIMIT);
            row.figure("toFailedMillis", System.currentTimeMillis() - second)
                    .claim("the agent has told it so", application.jobOfPods().isToldToFail())
                    .claim("the pointer is kept", application.pointer() >= pointer);
            Ends.showNobodyLeft(application, row);
        }
    }

    /** A person suspends the Job, and resumes it. */
    public static void suspended(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "suspended")) {
            application.awaitSteady();
            Row row = rows.row("suspended-and-resumed");
            BeforeFault before = BeforeFault.of(application);
            Console.event("--- the Job is suspended");
            long suspendedAt = System.currentTimeMillis();
            application.jobOfPods().suspend(true);
            Await.until(
                    "the end of the JobManager's pod",
                    LIMIT,
                    () -> application.pods().jobManager() == null);
            row.figure("toGoneMillis", System.currentTimeMillis() - suspendedAt);
            Ends.showNobodyLeft(application, row);
            Console.event("--- the Job is resumed");
            long resumedAt = System.currentTimeMillis();
            application.jobOfPods().suspend(false);
            Aftermath.of(application, before, resumedAt).awaitFailover(row, LIMIT);
            row.claim("no pod counts as failed", application.failedPods() == before.failedPods());
        }
    }
}
