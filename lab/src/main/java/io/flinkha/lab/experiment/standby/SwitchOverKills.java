package io.flinkha.lab.experiment.standby;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.application.Failover;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.Kustomize;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.experiment.cluster.Ends;
import io.flinkha.lab.experiment.cluster.PodLosses;
import io.flinkha.lab.experiment.cluster.Rows;
import io.flinkha.lab.leadership.SwitchOvers;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** The leader's JobManager gets a SIGKILL, again and again, and the other one takes over. */
final class SwitchOverKills {
    private static final int IN_A_ROW = 10;
    private static final int FEW = 5;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final long MEDIAN = 1_000;
    private static final long MEDIAN_GAP = 300;

    /** The tenth end of either pod would be one too many. */
    private static final String MANY_FAILURES =
            Kustomize.patchOfJob(
                    """
                    - op: add
                      path: /spec/template/spec/initContainers/1/env/-
                      value: { name: FLINK_HA_RESTART_MAX_FAILURES, value: "100" }
                    """);

    private SwitchOverKills() {}

    static void warm(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "kills", MANY_FAILURES)) {
            List<Failover> failovers = new ArrayList<>();
            for (int kill = 1; kill <= IN_A_ROW; kill++) {
                application.awaitSteady();
                String next = application.pair().awaitStandby().getMetadata().getName();
                Row row = rows.row("jobmanager-killed-" + kill);
                row.claim(
                        "the other agent only stands by",
                        phase(application, next).equals("CONTENDING"));
                failovers.add(kill(application, row));
                row.claim("the one that stood by leads", application.podName().equals(next));
            }
            Row all = summary(rows, "ours", failovers);
            claimMedian(all, failovers, Failover::toRunningMillis, "RUNNING", MEDIAN);
            claimMedian(all, failovers, Failover::processingGapMillis, "processed", MEDIAN_GAP);
            Ends.finishExactlyOnce(application, all);
        }
    }

    private static String phase(ClusterApplication application, String pod) {
        return application.pods().agentStatus(pod).at("/agent/phase").asText();
    }

    /**
     * What it is like where only the agent waits: the leader's JobManager begins anew beside it.
     */
    static void cold(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "kills")) {
            Row all = few(application, rows, "ours, cold");
            Ends.finishExactlyOnce(application, all);
        }
    }

    /** Flink's own, with two replicas of its Deployment. */
    static void stock(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, Side.STOCK, "kills", "")) {
            var unused = few(application, rows, "stock");
            application.awaitSteady();
            PodLosses.delete(application, rows.row("stock: pod deleted"));
        }
    }

    private static Row few(ClusterApplication application, Rows rows, String who) {
        application.awaitSteady();
        List<Failover> failovers = new ArrayList<>();
        for (int kill = 1; kill <= FEW; kill++) {
            var unused = application.pair().awaitStandby();
            failovers.add(kill(application, rows.row(who + ": killed " + kill)));
        }
        return summary(rows, who, failovers);
    }

    static Failover kill(ClusterApplication application, Row row) {
        application.awaitCheckpoints(3, MINUTE);
        BeforeFault before = BeforeFault.of(application);
        long at = application.killJobManager();
        Failover failover = Aftermath.of(application, before, at).awaitFailover(row, LIMIT);
        SwitchOvers.Times times = application.switchOver();
        if (times != null) {
            times.addTo(row, at);
        }
        failover.addPhasesTo(row);
        return failover;
    }

    private static Row summary(Rows rows, String who, List<Failover> failovers) {
        long[] running = sorted(failovers, Failover::toRunningMillis);
        long[] gaps = sorted(failovers, Failover::processingGapMillis);
        return rows.row("%s: %d kills".formatted(who, failovers.size()))
                .figure("medianMillis", median(running))
                .figure("worstMillis", running[running.length - 1])
                .figure("medianGapMillis", median(gaps))
                .figure("worstGapMillis", gaps[gaps.length - 1]);
    }

    private static void claimMedian(
            Row row,
            List<Failover> failovers,
            ToLongFunction<Failover> figure,
            String what,
            long most) {
        row.claim(
                "%s again within %d ms, the median".formatted(what, most),
                median(sorted(failovers, figure)) <= most);
    }

    private static long[] sorted(List<Failover> failovers, ToLongFunction<Failover> figure) {
        return failovers.stream().mapToLong(figure).sorted().toArray();
    }

    private static long median(long[] sorted) {
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
