package io.flinkha.lab.experiment.cluster;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.Kustomize;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Row;
import java.nio.file.Path;
import java.time.Duration;

/** A JobManager whose JVM never comes up: it never registers, and its agent must notice. */
final class EarlyDeaths {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int DEATHS = 3;

    /** The shell that is to start the JVM reads this file first, if it is there. */
    private static final String BROKEN_WHILE_FILE =
            Kustomize.patchOfJob(
                    """
                    - op: add
                      path: /spec/template/spec/containers/0/env/-
                      value: { name: BASH_ENV, value: /flink-storage/data/broken }
                    """);

    private static final String BROKEN =
            Kustomize.patchOfJob(
                    """
                    - op: add
                      path: /spec/template/spec/initContainers/1/env/-
                      value: { name: FLINK_HA_RESTART_MAX_FAILURES, value: "%d" }
                    - op: replace
                      path: /spec/template/spec/containers/0/command
                      value: [/opt/flink-ha/services/flink-ha-run, --, java, -XX:NoSuchOption]
                    """
                            .formatted(DEATHS));

    private EarlyDeaths() {}

    static void mended(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "dies-early", BROKEN_WHILE_FILE)) {
            application.awaitSteady();
            Row row = rows.row("dies-early-mended");
            BeforeFault before = BeforeFault.of(application);
            Path broken = application.data().resolve("broken");
            Path file = Directories.write(broken, "exit 7\n");
            Console.event("--- the JobManager is killed, and its shell broken");
            long at = application.killJobManager();
            Await.until(
                    DEATHS + " early deaths",
                    LIMIT,
                    () ->
                            application.restarts() >= before.restarts() + DEATHS
                                    && application.jobManagerProcess().isEmpty());
            Console.event("--- the shell is mended");
            row.figure("mendedMillis", System.currentTimeMillis() - at);
            Directories.delete(file);
            Aftermath.of(application, before, at).awaitFailoverInPlace(row, LIMIT);
            Ends.finishExactlyOnce(application, row);
        }
    }

    /** Nothing of this product ever runs in it. */
    static void neverMended(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "never-starts", BROKEN)) {
            Row row = rows.row("dies-early-never-mended");
            application.awaitJob("Failed", LIMIT);
            row.figure("toFailedMillis", System.currentTimeMillis() - application.deployedAt())
                    .figure("epoch", application.epoch())
                    .claim("the agent has told it so", application.jobOfPods().isToldToFail())
                    .claim("no main() ever ran", application.mainRuns() == 0)
                    .claim(
                            "no run is recorded",
                            application.manifest().path("run").isMissingNode());
        }
    }
}
