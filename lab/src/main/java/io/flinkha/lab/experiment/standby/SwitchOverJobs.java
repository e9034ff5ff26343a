package io.flinkha.lab.experiment.standby;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.ClusterPods;
import io.flinkha.lab.cluster.Kustomize;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.experiment.cluster.Ends;
import io.flinkha.lab.experiment.cluster.Rows;
import io.flinkha.lab.report.Row;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where a JobManager that takes over has been known to bring the TaskManagers into trouble, with
 * stock Flink: user classes by {@code --jars}, whose blobs get other keys (FLINK-32212), and the
 * adaptive scheduler (FLINK-38375). Back and forth, and the TaskManagers are the same ones.
 */
final class SwitchOverJobs {
    private static final String JARS =
            Kustomize.options("--jars", "file:///opt/flink/usrlib/flink-ha-demo-job.jar", "--");

    private static final String ADAPTIVE = Kustomize.options("-Djobmanager.scheduler=adaptive");

    private SwitchOverJobs() {}

    static void jars(TestCluster cluster, Rows rows) {
        backAndForth(cluster, rows, "jars", JARS);
    }

    static void adaptive(TestCluster cluster, Rows rows) {
        backAndForth(cluster, rows, "adaptive", ADAPTIVE);
    }

    private static void backAndForth(TestCluster cluster, Rows rows, String name, String patch) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, name, patch)) {
            application.awaitSteady();
            Set<String> before = taskManagers(application);
            int failures = 0;
            for (int kill = 1; kill <= 2; kill++) {
                var unused = application.pair().awaitStandby();
                long from = System.currentTimeMillis();
                SwitchOverKills.kill(application, rows.row("%s: killed %d".formatted(name, kill)));
                failures += application.taskFailures(from);
            }
            Row row = rows.row(name + ": after both");
            row.claim(
                            "the TaskManagers were not started again",
                            taskManagers(application).equals(before))
                    .claim("no task failed", failures == 0);
            Ends.finishExactlyOnce(application, row);
        }
    }

    /** Each container by an id that it keeps until it ends. */
    private static Set<String> taskManagers(ClusterApplication application) {
        List<Pod> pods = application.pods().taskManagers();
        return pods.stream()
                .map(pod -> ClusterPods.container(pod, "taskmanager"))
                .map(container -> container == null ? "" : container.getContainerID())
                .collect(Collectors.toSet());
    }
}
