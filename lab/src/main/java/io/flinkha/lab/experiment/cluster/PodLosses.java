package io.flinkha.lab.experiment.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.application.Failover;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.Standby;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** The JobManager's whole pod goes: deleted, or with its node. */
public final class PodLosses {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final String NEVER_BOTH =
            """
            { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: kubernetes.io/hostname, \
            labelSelector: { matchLabels: { app.kubernetes.io/component: jobmanager } } }] } }\
            """;

    private PodLosses() {}

    public static void deleted(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "pod-deleted")) {
            application.awaitSteady();
            delete(application, rows.row("pod-deleted"));
        }
    }

    /** With the grace that {@code kubectl delete} leaves it: the pod's own. */
    public static void delete(ClusterApplication application, Row row) {
        BeforeFault before = BeforeFault.of(application);
        Console.event("--- the pod is deleted");
        long at = System.currentTimeMillis();
        application.pod(before.pod()).delete();
        Aftermath.of(application, before, at).awaitFailover(row, LIMIT);
        row.claim("another pod", !application.podName().equals(before.pod()));
    }

    /** Power cut: nothing of the node answers any more, nor runs. */
    public static void nodeLost(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "node-lost", apart(cluster))) {
            lose(application, rows.row("node-lost"), true, cluster);
        }
    }

    /** The node's processes run on, but reach nobody: a split brain but for Lease and gate. */
    public static void networkCut(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "network-cut", apart(cluster))) {
            lose(application, rows.row("network-cut"), false, cluster);
        }
    }

    /**
     * TaskManagers on the one node, the JobManager on the other while there is one: only the
     * JobManager's is lost, and the one that replaces it finds room. Two JobManagers have a node
     * each.
     */
    public static String apart(TestCluster cluster) {
        List<String> nodes = cluster.nodes();
        String affinity = cluster.standby() == Standby.NONE ? near(nodes.getLast()) : NEVER_BOTH;
        return """
        patches:
          - target: { kind: Job|Deployment, name: jobmanager }
            patch: |-
              - op: add
                path: /spec/template/spec/affinity
                value: %s
          - target: { kind: Deployment, name: taskmanager }
            patch: |-
              - op: add
                path: /spec/template/spec/nodeSelector
                value: { kubernetes.io/hostname: %s }
        """
                .formatted(affinity, nodes.getFirst());
    }

    /** Of two pods one is beside the TaskManagers, which must not be lost with it. */
    private static void leadFarFromTasks(ClusterApplication application, TestCluster cluster) {
        Pod leader = Objects.requireNonNull(application.pods().jobManager());
        if (application.hasStandby()
                && leader.getSpec().getNodeName().equals(cluster.nodes().getFirst())) {
            Console.event("--- the other one shall lead");
            Failover unused = Aftermath.ofKilledJobManager(application);
            application.awaitSteady();
        }
    }

    private static String near(String node) {
        return """
        { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: \
        { matchExpressions: [{ key: kubernetes.io/hostname, operator: In, values: [%s] }] } }] } }\
        """
                .formatted(node);
    }

    public static void lose(
            ClusterApplication application, Row row, boolean power, TestCluster cluster) {
        application.awaitSteady();
        leadFarFromTasks(application, cluster);
        BeforeFault before = BeforeFault.of(application);
        Pod pod = Objects.requireNonNull(application.pods().jobManager());
        String node = pod.getSpec().getNodeName();
        row.figure("node", node);
        Console.event("--- node " + node + (power ? " loses its power" : " loses its network"));
        long at = System.currentTimeMillis();
        try {
            if (power) {
                cluster.faults().stop(node);
            } else {
                cluster.faults().cut(node);
            }
            Await.until(
                    "the end of the JobManager on the lost node",
                    LIMIT,
                    () -> !cluster.faults().lives(before.jobManager()));
            long gone = System.currentTimeMillis() - at;
            Console.event("the old JobManager is gone after %.1f s".formatted(gone / 1000.0));
            row.figure("oldJobManagerGoneMillis", gone);
            Failover failover = Aftermath.of(application, before, at).awaitFailover(row, LIMIT);
            // One that stands by was there all the time.
            row.claim(
                    "never two JobManagers",
                    gone
                            < (application.hasStandby()
                                    ? failover.leadingMillis()
                                    : failover.processMillis()));
        } finally {
            if (power) {
                cluster.faults().start(node);
            } else {
                cluster.faults().heal(node);
            }
        }
        long epoch = application.epoch();
        application.awaitCheckpoints(5, Duration.ofMinutes(2));
        row.claim("the node's return disturbs nobody", application.epoch() == epoch);
    }
}
