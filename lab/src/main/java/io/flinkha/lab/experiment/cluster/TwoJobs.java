package io.flinkha.lab.experiment.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.ClusterPods;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.List;

/** A second Job is given the cluster-id of one that runs. */
final class TwoJobs {
    private TwoJobs() {}

    static void oneClusterId(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "two-jobs")) {
            application.awaitSteady();
            Row row = rows.row("two-jobs-one-cluster-id");
            BeforeFault before = BeforeFault.of(application);
            Console.event("--- a second Job with the same cluster-id");
            long at = System.currentTimeMillis();
            application.client().resource(copyOf(application.job())).create();
            Await.until(
                    "the second agent",
                    Duration.ofMinutes(1),
                    () ->
                            contenders(application).stream()
                                    .map(pod -> ClusterPods.container(pod, ClusterPods.AGENT))
                                    .anyMatch(agent ->
                                            agent != null
                                                    && agent.getState().getRunning() != null));
            // Longer than a Lease lasts.
            Await.pass(Duration.ofSeconds(75));
            boolean waits =
                    contenders(application).stream()
                            .map(pod -> ClusterPods.container(pod, "jobmanager"))
                            .allMatch(jobManager ->
                                    jobManager == null
                                            || jobManager.getState().getRunning() == null);
            row.claim("the second JobManager was never started", waits);
            application.job("second").delete();
            Await.until(
                    "the second pod's end",
                    Duration.ofMinutes(2),
                    () -> contenders(application).isEmpty());
            Aftermath.of(application, before, at).awaitUndisturbed(row);
        }
    }

    private static List<Pod> contenders(ClusterApplication application) {
        return application
                .client()
                .pods()
                .inNamespace(application.namespace())
                .withLabel("batch.kubernetes.io/job-name", "second")
                .list()
                .getItems();
    }

    /** As somebody would write it: another name, the rest the same. */
    private static Job copyOf(Job job) {
        Job copy =
                new JobBuilder(job)
                        .withStatus(null)
                        .withNewMetadata()
                        .withName("second")
                        .withNamespace(job.getMetadata().getNamespace())
                        .endMetadata()
                        .editSpec()
                        .withSelector(null)
                        .endSpec()
                        .build();
        // The first Job's own labels, which it must not share; and not "jobmanager", by which the
        // first one's pod is found.
        copy.getSpec().getTemplate().getMetadata().getLabels().clear();
        return copy;
    }
}
