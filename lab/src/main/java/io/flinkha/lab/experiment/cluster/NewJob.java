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
final class NewJob {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private NewJob() {}

    static void createdAnew(TestCluster cluster, Rows rows) {
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
    static void afterStopWithSavepoint(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "savepoint")) {
            application.awaitSteady();
            Row row = rows.row("stopped-with-savepoint-job-anew");
            BeforeFault before = BeforeFault.of(application);
            Console.event("--- the job is stopped with a savepoint");
            var unused = application.stopWithSavepoint(LIMIT);
            application.awaitJob("Complete", LIMIT);
            String savepoint = application.manifest().path("result").path("savepoint").asText();
            row.figure("savepoint", savepoint)
                    .claim("the result names it", savepoint.contains("/savepoint-"));
            createAnew(application, before, row, DeletionPropagation.BACKGROUND);
            row.claim("restored from it", application.rest().checkpoints().restoredSavepoint());
            Ends.finishExactlyOnce(application, row);
        }
    }

    private static void createAnew(
            ClusterApplication application, BeforeFault before, Row row, DeletionPropagation how) {
        String oldUid = application.job().getMetadata().getUid();
        Console.event("--- the Job is deleted, " + how);
        long at = System.currentTimeMillis();
        application.client().resource(application.job()).withPropagationPolicy(how).delete();
        Await.until(
                "the end of the Job and its pod",
                LIMIT,
                () -> application.job() == null && application.pods().jobManager() == null);
        row.figure("toGoneMillis", System.currentTimeMillis() - at);
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
