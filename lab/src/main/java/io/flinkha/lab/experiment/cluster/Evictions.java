package io.flinkha.lab.experiment.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.Kustomize;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Row;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;

/** The JobManager's pod has to leave its node. */
public final class Evictions {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final String SMALL_TMP =
            Kustomize.patchOfJob(
                    """
                    apiVersion: batch/v1
                    kind: Job
                    metadata: { name: jobmanager }
                    spec: { template: { spec: { volumes: [{ name: jobmanager-tmp, emptyDir: { sizeLimit: 64Mi } }] } } }
                    """);

    private Evictions() {}

    /** As {@code kubectl drain} does it: no new pods, then the API is asked to evict. */
    public static void drained(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "drain", PodLosses.apart(cluster))) {
            application.awaitSteady();
            Row row = rows.row("node-drained");
            BeforeFault before = BeforeFault.of(application);
            String node = nodeOf(application);
            Console.event("--- node " + node + " is drained");
            long at = System.currentTimeMillis();
            cordon(application, node, true);
            try {
                row.claim("the API evicts the pod", application.pod(before.pod()).evict());
                Aftermath.of(application, before, at).awaitFailover(row, LIMIT);
            } finally {
                cordon(application, node, false);
            }
            row.claim("another pod", !application.podName().equals(before.pod()))
                    .claim("on another node", !nodeOf(application).equals(node))
                    .claim("the Job is active", isActive(application));
            Ends.finishExactlyOnce(application, row);
        }
    }

    /** The kubelet's own eviction: a hard kill, and the pod stays as a failed one. */
    public static void storageExceeded(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "evicted", SMALL_TMP)) {
            application.awaitSteady();
            Row row = rows.row("evicted-by-kubelet");
            BeforeFault before = BeforeFault.of(application);
            Console.event("--- the pod uses more of its node's disk than it may");
            long at = System.currentTimeMillis();
            ExecWatch filling =
                    application
                            .pod(before.pod())
                            .inContainer("jobmanager")
                            .writingError(OutputStream.nullOutputStream())
                            .exec("dd", "if=/dev/zero", "of=/tmp/fill", "bs=1M", "count=128");
            try {
                Await.until(
                        "the kubelet's notice",
                        LIMIT,
                        () -> isGone(cluster, application, before.jobManager()));
                row.figure(Rows.UNNOTICED, System.currentTimeMillis() - at);
                Aftermath.of(application, before, at).awaitFailover(row, LIMIT);
            } finally {
                filling.close();
            }
            Pod old = application.pod(before.pod()).get();
            String reason = old == null ? "" : old.getStatus().getReason();
            row.figure("lastReason", reason)
                    .claim("the kubelet evicted it", "Evicted".equals(reason))
                    .claim("another pod", !application.podName().equals(before.pod()))
                    .claim("one pod failed", application.failedPods() == before.failedPods() + 1)
                    .claim("the Job is active", isActive(application));
            Ends.finishExactlyOnce(application, row);
        }
    }

    /** Without a look from outside it is gone when another one is seen, or none. */
    private static boolean isGone(
            TestCluster cluster, ClusterApplication application, String jobManager) {
        return cluster.hasFaults()
                ? !cluster.faults().lives(jobManager)
                : !application.jobManagerProcess().equals(jobManager);
    }

    private static void cordon(ClusterApplication application, String node, boolean unschedulable) {
        application
                .client()
                .nodes()
                .withName(node)
                .edit(found -> {
                    found.getSpec().setUnschedulable(unschedulable);
                    return found;
                });
    }

    private static String nodeOf(ClusterApplication application) {
        return Objects.requireNonNull(application.pods().jobManager()).getSpec().getNodeName();
    }

    /** A pod that replaces another one may take its time. */
    private static boolean isActive(ClusterApplication application) {
        return Await.holdsWithin(LIMIT, application.jobOfPods()::isActive);
    }
}
