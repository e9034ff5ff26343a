package io.flinkha.lab.experiment.cluster;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.Application;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.Kustomize;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Row;
import java.time.Duration;

/** Jobs that end for good. */
public final class Ends {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    public static final String NO_RESTARTS =
            Kustomize.patchOfJob(
                    """
                    - op: add
                      path: /spec/template/spec/containers/0/args/0
                      value: -Drestart-strategy.type=none
                    """);

    private Ends() {}

    public static void finished(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "finished")) {
            application.awaitSteady();
            Row row = rows.row("finished");
            finishExactlyOnce(application, row);
            row.figure("mainRuns", application.mainRuns())
                    .figure("podsUsed", application.podsUsed())
                    .claim("no pod failed", application.failedPods() == 0);
        }
    }

    /** Lets the job come to its end, and counts what it has put out in all its life. */
    public static void finishExactlyOnce(ClusterApplication application, Row row) {
        Console.event("--- the job may finish");
        long at = System.currentTimeMillis();
        application.place("drain");
        application.awaitJob("Complete", LIMIT);
        row.figure("toCompleteMillis", System.currentTimeMillis() - at);
        claimResult(application, row, "FINISHED");
        application.output(Application.RECORDS).claimExactlyOnce(row);
    }

    /** Somebody cancels it: as complete as one that finished. */
    public static void canceled(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "canceled")) {
            application.awaitSteady();
            Row row = rows.row("canceled");
            Console.event("--- the job is cancelled");
            long at = System.currentTimeMillis();
            application.rest().cancel();
            application.awaitJob("Complete", LIMIT);
            row.figure("toCompleteMillis", System.currentTimeMillis() - at);
            claimResult(application, row, "CANCELED");
            Aftermath.claimNoMainRun(row, application.mainRuns() - 1);
        }
    }

    /** And nobody is left to run it once more. */
    private static void claimResult(ClusterApplication application, Row row, String expected) {
        String status = application.result();
        row.figure("result", status)
                .claim("the manifest says " + expected, status.equals(expected));
        showNobodyLeft(application, row);
    }

    /** Whatever ended it: no pod runs on, and a person sees the same as with any number of pods. */
    public static void showNobodyLeft(ClusterApplication application, Row row) {
        application.jobOfPods().awaitNoneLeft(LIMIT);
        row.sentence(application.jobOfPods().picture());
    }

    /** A job that failed for good fails its Kubernetes Job, and keeps its state. */
    public static void failed(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "failed", NO_RESTARTS)) {
            application.awaitSteady();
            Row row = rows.row("failed");
            long pointer = application.pointer();
            Console.event("--- a task fails, and nobody restarts it");
            long at = System.currentTimeMillis();
            application.place("fail");
            application.awaitJob("Failed", LIMIT);
            row.figure("toFailedMillis", System.currentTimeMillis() - at);
            claimResult(application, row, "FAILED");
            row.figure("mainRuns", application.mainRuns())
                    .figure("podsUsed", application.podsUsed())
                    .figure("newestCheckpoint", application.pointer());
            Aftermath.claimNoMainRun(row, application.mainRuns() - 1)
                    .claim("the pointer is kept", application.pointer() >= pointer)
                    .claim(
                            "its pod and its logs stay",
                            application.pods().jobManagers().size() == 1);
        }
    }
}
