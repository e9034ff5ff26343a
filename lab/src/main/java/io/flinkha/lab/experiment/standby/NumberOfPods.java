package io.flinkha.lab.experiment.standby;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.ClusterPods;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.experiment.cluster.Kills;
import io.flinkha.lab.experiment.cluster.Rows;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.Objects;

/** The standby goes, and comes back, while the job runs. */
final class NumberOfPods {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** As with one pod: see {@code restarts}. */
    private static final long ALONE = 4_000;

    private NumberOfPods() {}

    /** The Lease still names it when the leader's JobManager dies. */
    static void standbyGone(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "gone")) {
            application.awaitSteady();
            Row deleted = rows.row("standby-deleted-jobmanager-killed");
            Pod standby = application.pair().awaitStandby();
            String agent =
                    Objects.requireNonNull(ClusterPods.container(standby, ClusterPods.AGENT))
                            .getContainerID();
            Console.event("--- the standby is deleted");
            application.pod(standby.getMetadata().getName()).withGracePeriod(0).delete();
            Await.until(
                    "the end of the standby",
                    LIMIT,
                    () -> isGone(application, standby) && !cluster.faults().lives(agent));
            killAlone(application, deleted, standby);

            application.awaitSteady();
            Row scaled = rows.row("standby-scaled-away-jobmanager-killed");
            Pod other = application.pair().awaitStandby();
            Pod leader = application.pod(application.podName()).get();
            application.jobOfPods().scale(1);
            Await.until(
                    "one pod",
                    LIMIT,
                    () -> isGone(application, leader) || isGone(application, other));
            application.awaitCheckpoints(3, LIMIT);
            // Which of two ready pods goes is the Job controller's to choose.
            killAlone(application, scaled, isGone(application, other) ? other : leader);
        }
    }

    /** By its UID: the next one may have its name. */
    private static boolean isGone(ClusterApplication application, Pod pod) {
        Pod now = application.pod(pod.getMetadata().getName()).get();
        return now == null || !ClusterPods.identity(now).equals(ClusterPods.identity(pod));
    }

    private static void killAlone(ClusterApplication application, Row row, Pod gone) {
        application.pair().annotate(ClusterPods.identity(gone));
        BeforeFault before = BeforeFault.of(application);
        long at = application.killJobManager();
        long running =
                Aftermath.of(application, before, at).awaitFailover(row, LIMIT).toRunningMillis();
        row.claim("RUNNING within %d ms".formatted(ALONE), running <= ALONE)
                .claim("in the same pod", application.podName().equals(before.pod()));
    }

    /** To one pod and back to two: whichever goes, the job runs on. */
    static void scaled(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "scaled")) {
            application.awaitSteady();
            BeforeFault before = BeforeFault.of(application);
            Row row = rows.row("parallelism-2-1-2");
            long at = System.currentTimeMillis();
            application.jobOfPods().scale(1);
            Await.until("one pod", LIMIT, () -> application.pods().jobManagers().size() == 1);
            application.awaitCheckpoints(3, LIMIT);
            row.figure("leaderMoved", !application.podName().equals(before.pod()));
            application.jobOfPods().scale(2);
            String back = application.pair().awaitStandby().getMetadata().getName();
            application.awaitCheckpoints(3, LIMIT);
            row.figure(
                            "processingGapMillis",
                            application.processingGapMillis(at, System.currentTimeMillis()))
                    .claim("the job runs", application.rest().job().allRunning())
                    .claim("the Job has both", application.jobOfPods().isActive());
            Aftermath.claimNoMainRun(row, application.mainRuns() - before.mainRuns());
            Kills.killJobManager(application, rows.row("scaled-jobmanager-killed"));
            row.claim("the new one leads", application.podName().equals(back));
        }
    }
}
