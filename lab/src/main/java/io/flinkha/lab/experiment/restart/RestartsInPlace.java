package io.flinkha.lab.experiment.restart;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.application.Failover;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Project;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.experiment.cluster.Ends;
import io.flinkha.lab.experiment.cluster.Kills;
import io.flinkha.lab.experiment.cluster.Rows;
import io.flinkha.lab.report.Row;
import java.time.Duration;

/** SIGKILLs under the supervisor, and of the supervisor itself. */
final class RestartsInPlace {
    private static final int IN_A_ROW = 5;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** Evenly over the two minutes. */
    private static final long APART = 25_000;

    private static final Duration TOGETHER = Duration.ofMinutes(2);
    private static final long MOST_NATIVE = 4_000;
    private static final long MOST_JVM = 6_000;

    /** Longer than that the job's processing does not stand still. */
    static final long MOST_GAP = 500;

    private RestartsInPlace() {}

    static void kills(TestCluster cluster, Rows rows) {
        boolean isNative = cluster.project().agent() == Project.Agent.NATIVE;
        long most = isNative ? MOST_NATIVE : MOST_JVM;
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "kills-in-place")) {
            Kills.firstStart(application, rows);
            long first = 0;
            long last = 0;
            for (int kill = 1; kill <= IN_A_ROW; kill++) {
                application.awaitCheckpoints(3, Duration.ofMinutes(1));
                Await.pass(
                        Duration.ofMillis(Math.max(0, last + APART - System.currentTimeMillis())));
                Row row = rows.row("jobmanager-killed-" + kill);
                BeforeFault before = BeforeFault.of(application);
                String container = application.jobManager().id();
                long at = application.killJobManager();
                first = first == 0 ? at : first;
                last = at;
                Failover failover =
                        Aftermath.of(application, before, at).awaitFailoverInPlace(row, LIMIT);
                row.claim(
                                "RUNNING within %d ms".formatted(most),
                                failover.toRunningMillis() <= most)
                        .claim(
                                "processing stopped for at most %d ms".formatted(MOST_GAP),
                                failover.processingGapMillis() <= MOST_GAP)
                        .claim(
                                "the same container",
                                application.jobManager().id().equals(container))
                        .claim("all within two minutes", at - first <= TOGETHER.toMillis());
            }
            Ends.finishExactlyOnce(application, rows.row("killed-and-finished"));
        }
    }

    /** The second line: rules of the container where there are any, else the Job's next pod. */
    static void container(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "container-killed")) {
            application.awaitSteady();
            Row row = rows.row("container-killed");
            BeforeFault before = BeforeFault.of(application);
            String container = application.jobManager().id();
            boolean rules = application.pods().hasRestartRules();
            long at = application.jobManager().killWhole();
            var unused = Aftermath.of(application, before, at).awaitFailover(row, LIMIT);
            boolean another = Kills.claimSamePod(application, row, before, container, rules);
            row.claim("another container", another);
        }
    }
}
