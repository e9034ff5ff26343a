package io.flinkha.lab.experiment.cluster;

import io.flinkha.lab.application.Side;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Row;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** The same job and the same losses of its JobManager on Flink's own Kubernetes HA and on ours. */
final class SideBySide {
    private SideBySide() {}

    static void losses(TestCluster cluster, Rows rows) {
        for (Side side : Side.values()) {
            try (ClusterApplication application =
                    ClusterApplication.deploy(cluster, side, "losses", "")) {
                application.awaitSteady();
                Kills.killJobManager(application, row(rows, side, "JobManager SIGKILL"));
                application.awaitCheckpoints(3, Duration.ofMinutes(1));
                PodLosses.delete(application, row(rows, side, "pod deleted"));
            }
        }
        for (Side side : Side.values()) {
            String apart = PodLosses.apart(cluster);
            try (ClusterApplication application =
                    ClusterApplication.deploy(cluster, side, "node-lost", apart)) {
                PodLosses.lose(application, row(rows, side, "node lost"), true, cluster);
            }
        }
    }

    /** Whoever compares the two sides must know what else the machine had to do. */
    private static Row row(Rows rows, Side side, String fault) {
        return rows.row(side.title() + ": " + fault)
                .figure(
                        "loadAverage",
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
}
