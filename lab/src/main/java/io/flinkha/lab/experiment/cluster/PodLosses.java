package io.flinkha.lab.experiment.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** The JobManager's whole pod goes: deleted, or with its node. */
final class PodLosses {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private PodLosses() {}

    static void deleted(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "pod-deleted")) {
            application.awaitSteady();
            delete(application, rows.row("pod-deleted"));
        }
    }

    /** With the grace that {@code kubectl delete} leaves it: the pod's own. */
    static void delete(ClusterApplication application, Row row) {
        BeforeFault before = BeforeFault.of(application);
        Console.event("--- the pod is deleted");
        long at = System.currentTimeMillis();
        application.pod(before.pod()).delete();
        Aftermath.of(application, before, at).awaitFailover(row, LIMIT);
        row.claim("another pod", !application.podName().equals(before.pod()));
    }

    /** Power cut: nothing of the node answers any more, nor runs. */
    static void nodeLost(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "node-lost", apart(cluster))) {
            lose(application, rows.row("node-lost"), true, cluster);
        }
    }

    /** The node's processes run on, but reach nobody: a split brain but for Lease and gate. */
    static void networkCut(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "network-cut", apart(cluster))) {
            lose(application, rows.row("network-cut"), false, cluster);
        }
    }

    /**
     * TaskManagers on the one node, the JobManager on the other while there is one: only the
     * JobManager's is lost, and the one that replaces it finds room.
     */
    static String apart(TestCluster cluster) {
        List<String> nodes = cluster.nodes();
        return """
        patches:
          - target: { kind: Job|Deployment, name: jobmanager }
            patch: |-
              - op: add
                path: /spec/template/spec/affinity
                value:
                  nodeAffinity:
                    preferredDuringSchedulingIgnoredDuringExecution:
                      - weight: 100
                        preference:
                          matchExpressions:
                            - { key: kubernetes.io/hostname, operator: In, values: [%s] }
          - target: { kind: Deployment, name: taskmanager }
            patch: |-
              - op: add
                path: /spec/template/spec/nodeSelector
                value: { kubernetes.io/hostname: %s }
        """
                .formatted(nodes.getLast(), nodes.getFirst());
    }

    static void lose(ClusterApplication application, Row row, boolean power, TestCluster cluster) {
        application.awaitSteady();
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
            long started =
                    Aftermath.of(application, before, at).awaitFailover(row, LIMIT).processMillis();
            row.claim("never two JobManagers", gone < started);
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
