package io.flinkha.lab.experiment.cluster;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Row;
import java.time.Duration;

/** Somebody deletes the JobManager's Job and applies it anew: an upgrade. TaskManagers stay. */
public final class NewJob {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration COMES_BACK = Duration.ofSeconds(15);

    private NewJob() {}

    public static void createdAnew(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "job-anew")) {
            application.awaitSteady();
            Row background = rows.row("job-anew-background");
            BeforeFault first = BeforeFault.of(application);
            createAnew(application, first, background, DeletionPropagation.BACKGROUND);
            Row foreground = rows.row("job-anew-foreground");
            BeforeFault second = BeforeFault.of(application);
            createAnew(application, second, foreground, DeletionPropagation.FOREGROUND);
            Ends.finishExactlyOnce(application, foreground);
        }
    }

    /** The savepoint is no checkpoint that Flink tells an HA service of. */
    public static void afterStopWithSavepoint(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "savepoint")) {
            application.awaitSteady();
            Row row = rows.row("stopped-with-savepoint-job-anew");
            BeforeFault before = BeforeFault.of(application);
            Console.event("--- the job is stopped with a savepoint");
            var unused = application.stopWithSavepoint(LIMIT);
            application.awaitJob("Complete", LIMIT);
            Ends.showNobodyLeft(application, row);
            String savepoint = application.manifest().path("result").path("savepoint").asText();
            row.figure("savepoint", savepoint)
                    .claim("the result names it", savepoint.contains("/savepoint-"));
            createAnew(application, before, row, DeletionPropagation.BACKGROUND);
            row.claim("restored from it", application.rest().checkpoints().restoredSavepoint());
            Ends.finishExactlyOnce(application, row);
        }
    }

    /** The cluster-id's life ends, and nobody who waited is left to begin it again. */
    public static void purged(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "purged")) {
            application.awaitSteady();
            Row row = rows.row("job-deleted-and-purged");
            delete(application, row, DeletionPropagation.FOREGROUND);
            ByHand.asked(
                    application,
                    row,
                    ClusterApplication.CLUSTER_ID,
                    cluster.project()
                            .agentProgram(
                                    "purge",
                                    "--yes",
                                    "--cluster-id",
                                    ClusterApplication.CLUSTER_ID,
                                    "--namespace",
                                    application.namespace(),
                                    "--storage-uri",
                                    application.storage().toString(),
                                    "-o",
                                    "text"));
            boolean back =
                    Await.holdsWithin(
                            COMES_BACK,
                            () ->
                                    application.lease().get() != null
                                            || application.pods().jobManager() != null);
            row.claim("no Lease and no pod any more", !back);
        }
    }

    /** Answers when. */
    private static long delete(ClusterApplication application, Row row, DeletionPropagation how) {
        Console.event("--- the Job is deleted, " + how);
        long at = System.currentTimeMillis();
        application.client().resource(application.job()).withPropagationPolicy(how).delete();
        Await.until(
                "the end of the Job and its pod",
                LIMIT,
                () -> application.job() == null && application.pods().jobManager() == null);
        row.figure("toGoneMillis", System.currentTimeMillis() - at);
        return at;
    }

    private static void createAnew(
            ClusterApplication application, BeforeFault before, Row row, DeletionPropagation how) {
        String oldUid = application.job().getMetadata().getUid();
        long at = delete(application, row, how);
        Console.event("--- the Job is created anew");
        application.createJob();
        Aftermath.of(application, before, at).withMainOnceMore().awaitFailover(row, LIMIT);
        String controller = application.manifest().path("revision").path("controller").asText();
        row.claim(
                "the manifest names the new Job",
                !controller.equals(oldUid)
                        && controller.equals(application.job().getMetadata().getUid()));
    }
}
