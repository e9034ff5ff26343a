package io.flinkha.lab.experiment.cluster;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Row;
import java.time.Duration;

/** A job that failed for good waits, suspended, for a person who resumes it. */
public final class Parking {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final String PARK =
            Ends.NO_RESTARTS
                    + """
                          - op: add
                            path: /spec/template/spec/initContainers/1/env/-
                            value: { name: FLINK_HA_RESTART_ON_FAILED, value: park }
                    """;

    private Parking() {}

    public static void parkedAndResumed(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "parked", PARK)) {
            application.awaitSteady();
            Row first = rows.row("failed-parked-resumed");
            failAndResume(application, first);
            Row second = rows.row("failed-again-parked-resumed");
            failAndResume(application, second);
            Ends.finishExactlyOnce(application, second);
        }
    }

    private static void failAndResume(ClusterApplication application, Row row) {
        BeforeFault before = BeforeFault.of(application);
        Console.event("--- a task fails, and nobody restarts it");
        long at = System.currentTimeMillis();
        application.place("fail");
        application.awaitSuspended(LIMIT);
        row.figure("toParkedMillis", System.currentTimeMillis() - at);
        Ends.showNobodyLeft(application, row);
        String status = application.result();
        row.claim("the manifest says FAILED", status.equals("FAILED"))
                .claim("and that the Job is parked", application.manifest().has("parked"));
        Console.event("--- somebody resumes the Job");
        long resumedAt = System.currentTimeMillis();
        application.jobOfPods().suspend(false);
        Aftermath.of(application, before, resumedAt).withMainOnceMore().awaitFailover(row, LIMIT);
        row.claim("the manifest has no result any more", !application.manifest().has("result"));
    }
}
