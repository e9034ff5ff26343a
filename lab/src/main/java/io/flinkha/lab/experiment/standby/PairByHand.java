package io.flinkha.lab.experiment.standby;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.experiment.cluster.ByHand;
import io.flinkha.lab.experiment.cluster.Rows;
import io.flinkha.lab.report.Row;
import java.time.Duration;

/** A person's commands to the leader of two. */
final class PairByHand {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

    private PairByHand() {}

    static void stepDown(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "step-down")) {
            application.awaitSteady();
            ByHand.stepDown(application, rows.row("step-down"));
        }
    }

    /** Nobody takes over while it is paused, dead leader or not. */
    static void paused(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "paused")) {
            application.awaitSteady();
            Row row = rows.row("paused-killed-resumed");
            ByHand.exec(application, row, "Paused.", "pause", "--reason", "a look at the heap");
            BeforeFault before = BeforeFault.of(application);
            String leader = application.podName();
            application.killJobManager();
            long pointer = application.pointer();
            Await.pass(LONG_ENOUGH);
            row.claim("no JobManager is let in", application.pointer() == pointer)
                    .claim("the other pod does not lead", application.podName().equals(leader));
            long resumedAt = System.currentTimeMillis();
            ByHand.exec(application, row, "is on again", "resume");
            var unused = Aftermath.of(application, before, resumedAt).awaitFailover(row, LIMIT);
        }
    }
}
