package io.flinkha.e2e.scenario;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.flinkha.e2e.cluster.Aftermath;
import io.flinkha.e2e.cluster.Application;
import io.flinkha.e2e.cluster.Moment;
import io.flinkha.e2e.cluster.TestCluster;
import io.flinkha.harness.Await;
import io.flinkha.harness.Console;
import io.flinkha.harness.report.Row;
import java.time.Duration;

/** Somebody deletes the JobManager's Job and applies it anew: an upgrade. TaskManagers stay. */
final class NewJob {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private NewJob() {}

    static void createdAnew(TestCluster cluster, Rows rows) {
        try (Application application = Application.deploy(cluster, "job-anew")) {
            application.awaitSteady();
            Row background = rows.row("job-anew-background");
            createAnew(application, background, DeletionPropagation.BACKGROUND);
            Row foreground = rows.row("job-anew-foreground");
            createAnew(application, foreground, DeletionPropagation.FOREGROUND);
            Ends.finishExactlyOnce(application, foreground);
        }
    }

    private static void createAnew(Application application, Row row, DeletionPropagation how) {
        Moment before = Moment.of(application);
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
