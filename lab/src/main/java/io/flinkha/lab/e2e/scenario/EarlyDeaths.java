package io.flinkha.lab.e2e.scenario;

import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.e2e.cluster.Aftermath;
import io.flinkha.lab.e2e.cluster.Application;
import io.flinkha.lab.e2e.cluster.Moment;
import io.flinkha.lab.e2e.cluster.TestCluster;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A JobManager whose JVM never comes up: it never registers, and its agent must notice. */
final class EarlyDeaths {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int DEATHS = 3;

    /** The shell that is to start the JVM reads this file first, if it is there. */
    private static final String BROKEN_WHILE_FILE =
            """
            patches:
              - target: { kind: Job, name: jobmanager }
                patch: |-
                  - op: add
                    path: /spec/template/spec/containers/0/env/-
                    value: { name: BASH_ENV, value: /flink-storage/data/broken }
            """;

    private static final String BROKEN =
            """
            patches:
              - target: { kind: Job, name: jobmanager }
                patch: |-
                  - op: add
                    path: /spec/template/spec/initContainers/1/env/-
                    value: { name: FLINK_HA_RESTART_MAX_FAILURES, value: "%d" }
                  - op: replace
                    path: /spec/template/spec/containers/0/command
                    value: [java, -XX:NoSuchOption]
            """
                    .formatted(DEATHS);

    private EarlyDeaths() {}

    static void mended(TestCluster cluster, Rows rows) {
        try (Application application =
                Application.deploy(cluster, "dies-early", BROKEN_WHILE_FILE)) {
            application.awaitSteady();
            Row row = rows.row("dies-early-mended");
            Moment before = Moment.of(application);
            Path broken = application.data().resolve("broken");
            write(broken, "exit 7\n");
            Console.event("--- the JobManager is killed, and its shell broken");
            long at = cluster.faults().kill(before.jobManager());
            Await.until(
                    DEATHS + " early deaths",
                    LIMIT,
                    () ->
                            application.pods().restarts("jobmanager") >= before.restarts() + DEATHS
                                    && application.pods().runningId("jobmanager").isEmpty());
            Console.event("--- the shell is mended");
            row.figure("mendedMillis", System.currentTimeMillis() - at);
            delete(broken);
            Aftermath.of(application, before, at).awaitFailover(row, LIMIT).claimInPlace(row);
            Ends.finishExactlyOnce(application, row);
        }
    }

    /** Nothing of this product ever runs in it. */
    static void neverMended(TestCluster cluster, Rows rows) {
        try (Application application = Application.deploy(cluster, "never-starts", BROKEN)) {
            Row row = rows.row("dies-early-never-mended");
            Await.until("the Job's condition Failed", LIMIT, () -> application.jobIs("Failed"));
            boolean told =
                    application.job().getStatus().getConditions().stream()
                            .anyMatch(c -> "DeadlineExceeded".equals(c.getReason()));
            row.figure("toFailedMillis", System.currentTimeMillis() - application.deployedAt())
                    .figure("epoch", application.epoch())
                    .claim("the agent has told it so", told)
                    .claim("no main() ever ran", application.mainRuns() == 0)
                    .claim(
                            "no run is recorded",
                            application.manifest().path("run").isMissingNode());
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
