package io.flinkha.lab.experiment.restart;

import static io.flinkha.lab.experiment.restart.Hangs.argument;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.Kustomize;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.experiment.cluster.Ends;
import io.flinkha.lab.experiment.cluster.Kills;
import io.flinkha.lab.experiment.cluster.Rows;
import io.flinkha.lab.report.Row;
import java.time.Duration;

/** A main() that ends its JVM itself, or never returns, and wrappers that hide exit codes. */
final class Exits {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private static final String ASYNC = argument("--execute") + argument("async");

    private static final String THREE_FAILURES =
            """
            - op: add
              path: /spec/template/spec/initContainers/1/env/-
              value: { name: FLINK_HA_RESTART_MAX_FAILURES, value: "3" }
            """;

    /** The line of deploy/base in a pipe: what it ends with is what {@code tee} ends with. */
    private static final String PIPED =
            """
            - op: replace
              path: /spec/template/spec/containers/0/command
              value:
                - /opt/flink-ha/services/flink-ha-run
                - --
                - bash
                - -c
                - >-
                  java @/opt/flink/conf/jobmanager.options $CLASS_ARCHIVE
                  org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint --configDir /opt/flink/conf
                  --job-classname io.flinkha.flink.JobLauncher
                  -Dflink-ha.job.class=$(JOB_CLASS)
                  -Dhigh-availability.type=io.flinkha.flink.AgentHaServicesFactory
                  -Djobmanager.rpc.address=$(FLINK_HA_POD_IP) -Drest.address=$(FLINK_HA_POD_IP)
                  $(FLINK_OPTIONS)
                  "$@" | tee /tmp/jobmanager.log
                - jobmanager
            """;

    private Exits() {}

    static void zeroAfterSubmission(TestCluster cluster, Rows rows) {
        afterSubmission(cluster, rows, 0);
    }

    static void oneAfterSubmission(TestCluster cluster, Rows rows) {
        afterSubmission(cluster, rows, 1);
    }

    private static void afterSubmission(TestCluster cluster, Rows rows, int code) {
        String name = "exit-%d-after".formatted(code);
        String patch = ASYNC + argument("--exit-after") + argument(Integer.toString(code));
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, name, Kustomize.patchOfJob(patch))) {
            application.awaitSteady();
            Row row = rows.row("System.exit(%d) after executeAsync".formatted(code));
            row.figure("jobShows", "RUNNING, by the next process")
                    .figure("jobManagerRestartsInPod", application.restarts())
                    .figure("mainRuns", application.mainRuns())
                    .claim("it was started again", application.restarts() == 1)
                    .claim("main() ran once", application.mainRuns() == 1)
                    .claim("the Job is not complete", !application.jobIs("Complete"))
                    .claim(
                            "an Event says so where it looks like success",
                            application.hasEvent("ExitWithoutResult") == (code == 0));
            Ends.finishExactlyOnce(application, row);
        }
    }

    static void zeroBeforeSubmission(TestCluster cluster, Rows rows) {
        beforeSubmission(cluster, rows, 0);
    }

    static void oneBeforeSubmission(TestCluster cluster, Rows rows) {
        beforeSubmission(cluster, rows, 1);
    }

    /** No process lives long enough for anything else to be counted than its end. */
    private static void beforeSubmission(TestCluster cluster, Rows rows, int code) {
        String name = "exit-%d-before".formatted(code);
        String patch =
                THREE_FAILURES + argument("--exit-before") + argument(Integer.toString(code));
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, name, Kustomize.patchOfJob(patch))) {
            Row row = rows.row("System.exit(%d) before execute".formatted(code));
            application.awaitJob("Failed", LIMIT);
            row.figure("jobShows", "Failed, told so by the agent")
                    .figure("toFailedMillis", System.currentTimeMillis() - application.deployedAt())
                    .figure("mainRuns", application.mainRuns())
                    .claim("the agent has told it so", application.jobOfPods().isToldToFail())
                    .claim(
                            "an Event says so where it looks like success",
                            application.hasEvent("ExitWithoutResult") == (code == 0));
        }
    }

    static void wrapperHidesTheCode(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "tee", Kustomize.patchOfJob(PIPED))) {
            application.awaitSteady();
            Row row = rows.row("java … | tee, killed");
            BeforeFault before = BeforeFault.of(application);
            long at = application.killJobManager();
            var unused = Aftermath.of(application, before, at).awaitFailoverInPlace(row, LIMIT);
            row.figure("jobShows", "RUNNING, by the next process")
                    .claim("the Job is not complete", !application.jobIs("Complete"))
                    .claim("an Event says so", application.hasEvent("ExitWithoutResult"));
            Ends.finishExactlyOnce(application, row);
        }
    }

    static void mainDoesNotReturn(TestCluster cluster, Rows rows) {
        String patch = argument("--execute") + argument("forever");
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "forever", Kustomize.patchOfJob(patch))) {
            application.awaitSteady();
            Row row = rows.row("main() does not return");
            Kills.killJobManager(application, row);
            Console.event("--- resumed without main()");
            Ends.finishExactlyOnce(application, row);
            row.figure("jobShows", "Complete");
        }
    }
}
