package io.flinkha.lab.experiment.standby;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.ClusterPods;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.experiment.cluster.Rows;
import io.flinkha.lab.measure.ProcessMemory;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.Objects;

/** What it takes to have a JobManager wait. */
final class WaitingCost {
    private WaitingCost() {}

    static void memory(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "cost")) {
            application.awaitSteady();
            application.awaitCheckpoints(30, Duration.ofMinutes(3));
            Row row = rows.row("memory");
            addTo(row, "leading", cluster, Objects.requireNonNull(application.pods().jobManager()));
            addTo(row, "waiting", cluster, application.pair().awaitStandby());
        }
    }

    private static void addTo(Row row, String who, TestCluster cluster, Pod pod) {
        String container =
                Objects.requireNonNull(ClusterPods.container(pod, "jobmanager")).getContainerID();
        ProcessMemory memory = ProcessMemory.of(cluster.faults().java(container).orElseThrow());
        row.figure(who + "MiB", memory.all()).figure(who + "WrittenMiB", memory.anonymous());
    }
}
