package io.flinkha.lab.experiment.cluster;

import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.Objects;

/** Parts of Kubernetes itself fail. */
final class ControlPlane {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private ControlPlane() {}

    /** Shorter than the renew deadline: nothing happens. */
    static void apiServerAway(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "api-away")) {
            application.awaitSteady();
            Row row = rows.row("api-server-away-30-s");
            BeforeFault before = BeforeFault.of(application);
            Console.event("--- the API server stops");
            long at = System.currentTimeMillis();
            away(cluster, "kube-apiserver", Duration.ofSeconds(30));
            Await.until("the API server", LIMIT, () -> answers(application));
            row.figure("awayMillis", System.currentTimeMillis() - at);
            Aftermath.of(application, before, at).awaitUndisturbed(row);
        }
    }

    /**
     * Longer than the Lease: the JobManager has to end before another one could be granted it, as
     * far as anybody knows; then the next leadership goes on from where it was.
     */
    static void apiServerAwayForLong(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "api-away-long")) {
            application.awaitSteady();
            Row row = rows.row("api-server-away-90-s");
            BeforeFault before = BeforeFault.of(application);
            long leaseEnd = leaseEnd(application);
            Console.event("--- the API server stops");
            long at = System.currentTimeMillis();
            cluster.faults().stop("kube-apiserver");
            try {
                Await.until(
                        "the JobManager's own end",
                        LIMIT,
                        () -> !cluster.faults().lives(before.jobManager()));
                long gone = System.currentTimeMillis();
                Console.event("the JobManager is gone after %.1f s".formatted((gone - at) / 1e3));
                row.figure("jobManagerGoneMillis", gone - at)
                        .figure("leaseLeftMillis", leaseEnd - gone)
                        .claim("it ended before the Lease ran out", gone < leaseEnd);
                Await.pass(Duration.ofMillis(at + 90_000 - gone));
            } finally {
                cluster.faults().start("kube-apiserver");
            }
            Await.until("the API server", LIMIT, () -> answers(application));
            long awayMillis = System.currentTimeMillis() - at;
            row.figure("awayMillis", awayMillis);
            Aftermath.of(application, before, at).awaitFailover(row, LIMIT);
            row.claim("the same pod", application.podName().equals(before.pod()));
            Ends.finishExactlyOnce(application, row);
        }
    }

    /** As of its last renewal that somebody can see; one that is under way makes it later. */
    private static long leaseEnd(ClusterApplication application) {
        LeaseSpec lease = application.lease().get().getSpec();
        return lease.getRenewTime()
                .plusSeconds(lease.getLeaseDurationSeconds())
                .toInstant()
                .toEpochMilli();
    }

    private static void away(TestCluster cluster, String component, Duration time) {
        cluster.faults().stop(component);
        try {
            Await.pass(time);
        } finally {
            cluster.faults().start(component);
        }
    }

    static boolean answers(ClusterApplication application) {
        try {
            return application.job() != null;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** A restart in place takes a kubelet, and nobody else. */
    static void controllersAway(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "controllers-away")) {
            application.awaitSteady();
            Row row = rows.row("controllers-away-jobmanager-killed");
            cluster.faults().stop("kube-controller-manager");
            try {
                Await.pass(Duration.ofSeconds(2));
                BeforeFault before = BeforeFault.of(application);
                Console.event("--- no controller manager, and the JobManager is killed");
                long at = application.killJobManager();
                Aftermath.of(application, before, at).awaitFailoverInPlace(row, LIMIT);
            } finally {
                cluster.faults().start("kube-controller-manager");
            }
        }
    }

    /** The node's pods run on without their kubelet; it is back before anybody gives them up. */
    static void kubeletDown(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "kubelet-down")) {
            application.awaitSteady();
            Row row = rows.row("kubelet-down-30-s");
            BeforeFault before = BeforeFault.of(application);
            String kubelet = nodeOf(application) + "-kubelet";
            Console.event("--- the kubelet stops");
            long at = System.currentTimeMillis();
            away(cluster, kubelet, Duration.ofSeconds(30));
            Aftermath.of(application, before, at).awaitUndisturbed(row);
        }
    }

    private static String nodeOf(ClusterApplication application) {
        return Objects.requireNonNull(application.pods().jobManager()).getSpec().getNodeName();
    }

    /**
     * The agent may do nothing for a minute, which is more than its renew deadline: its JobManager
     * ends by itself, and is started again when the rights are back.
     */
    static void rightsRevoked(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "rbac-revoked")) {
            application.awaitSteady();
            Row row = rows.row("rbac-revoked-60-s");
            BeforeFault before = BeforeFault.of(application);
            var binding =
                    application
                            .client()
                            .rbac()
                            .roleBindings()
                            .inNamespace(application.namespace())
                            .withName("jobmanager");
            RoleBinding copy =
                    new RoleBindingBuilder(binding.get())
                            .editMetadata()
                            .withResourceVersion(null)
                            .withUid(null)
                            .endMetadata()
                            .build();
            Console.event("--- the agent's rights are revoked");
            long at = System.currentTimeMillis();
            binding.delete();
            Await.pass(Duration.ofSeconds(60));
            application.client().resource(copy).create();
            long backAt = System.currentTimeMillis();
            Console.event("--- the rights are back");
            Aftermath.of(application, before, at).awaitFailover(row, LIMIT);
            row.figure("revokedMillis", backAt - at);
        }
    }
}
