package io.flinkha.lab.experiment.restart;

import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.RestTls;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What is seen of savepoints and ends where the REST endpoint has TLS: all that is without. */
final class RestWithTls {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String WAITS =
            "The job is being stopped with a savepoint: SIGTERM waits for its end.";

    private RestWithTls() {}

    static void run(Workbench bench, Report report) {
        for (boolean clientsToo : List.of(false, true)) {
            String name = "tls" + (clientsToo ? "-mutual" : "");
            finished(bench, name + "-finished", clientsToo, report.row(name + ": FINISHED"));
            stopped(
                    bench,
                    name + "-stopped",
                    clientsToo,
                    report.row(name + ": stop-with-savepoint"));
            savepoint(
                    bench,
                    name + "-savepoint",
                    clientsToo,
                    report.row(name + ": latest-savepoint"));
            movedWhileStopping(
                    bench,
                    name + "-moved",
                    clientsToo,
                    report.row(name + ": SIGTERM during a stop-with-savepoint"));
        }
    }

    private static ApplicationSpec spec(Workbench bench, String name, boolean clientsToo) {
        return RestTls.on(
                bench.counting(Side.AGENT, name), bench.directory().resolve("keys"), clientsToo);
    }

    /** Recorded as finished with an unknown savepoint, each later Job would be refused. */
    private static void finished(Workbench bench, String name, boolean clientsToo, Row row) {
        Console.event("=== " + row.name());
        ApplicationSpec spec = spec(bench, name, clientsToo);
        try (LocalApplication application = bench.start(name, spec)) {
            application.awaitSteady();
            int exitCode = application.finish();
            String savepoint = application.manifest().path("result").path("savepoint").asText();
            row.figure("exitCode", exitCode)
                    .figure("savepoint", savepoint)
                    .claim("it ends with 0", exitCode == 0)
                    .claim("FINISHED", application.result().equals("FINISHED"))
                    .claim("without a savepoint, and that is known", savepoint.isEmpty());
            application.replaceJob(spec);
            Await.until(
                    "the next Job's start",
                    LIMIT,
                    () -> application.mainRuns() == 2 && application.result().isEmpty());
        }
    }

    private static void stopped(Workbench bench, String name, boolean clientsToo, Row row) {
        Console.event("=== " + row.name());
        ApplicationSpec spec = spec(bench, name, clientsToo);
        try (LocalApplication application = bench.start(name, spec)) {
            application.awaitSteady();
            String path = application.stopWithSavepoint(LIMIT);
            application.awaitOver();
            String recorded = application.manifest().path("result").path("savepoint").asText();
            row.figure("savepoint", recorded)
                    .claim("FINISHED", application.result().equals("FINISHED"))
                    .claim("its savepoint is recorded", recorded.equals(path));
            application.replaceJob(spec);
            application.awaitRunning();
            row.claim("the next Job starts from it", application.restoredFrom().equals(path));
        }
    }

    /** R14: it would be gone at once, if it did not see by TLS what goes on. */
    private static void movedWhileStopping(
            Workbench bench, String name, boolean clientsToo, Row row) {
        Console.event("=== " + row.name());
        ApplicationSpec spec = spec(bench, name, clientsToo);
        try (LocalApplication application = bench.start(name, spec)) {
            application.awaitSteady();
            application.place("stall");
            String job = application.rest().job().id();
            String request = application.rest().stopWithSavepoint(job);
            Await.until("the stop under way", LIMIT, () -> application.rest().isStopping());
            Path log = application.jobManager().current().log();
            application.jobManager().terminateForGood();
            Await.until(
                    "a SIGTERM that waits",
                    LIMIT,
                    () ->
                            Directories.text(log).contains(WAITS)
                                    || application.jobManager().over().isPresent());
            row.claim("it waits for the stop", application.jobManager().over().isEmpty());
            Directories.delete(application.data().resolve("stall"));
            // Flink ends by itself once somebody has fetched the path.
            Await.until(
                    "the savepoint",
                    LIMIT,
                    () -> !application.rest().savepoint(job, request).isEmpty());
            int exitCode = application.awaitOver();
            String recorded = application.manifest().path("result").path("savepoint").asText();
            row.figure("exitCode", exitCode)
                    .figure("savepoint", recorded)
                    .claim("it ends with 0", exitCode == 0)
                    .claim("FINISHED", application.result().equals("FINISHED"))
                    .claim("its savepoint is recorded", !recorded.isEmpty());
            application.replaceJob(spec);
            application.awaitRunning();
            row.claim("the next Job starts from it", application.restoredFrom().equals(recorded));
        }
    }

    private static void savepoint(Workbench bench, String name, boolean clientsToo, Row row) {
        Console.event("=== " + row.name());
        ApplicationSpec spec = spec(bench, name, clientsToo);
        try (LocalApplication application = bench.start(name, spec)) {
            application.awaitSteady();
            Path target = application.directory().data().resolve("savepoints");
            String path = application.savepoint(target, LIMIT);
            Await.until(
                    "the savepoint's record",
                    LIMIT,
                    () ->
                            application
                                    .manifest()
                                    .path("savepoint")
                                    .path("path")
                                    .asText()
                                    .equals(path));
            application.awaitCheckpoints(2, LIMIT);
            application.replaceJob(spec.withAgent("FLINK_HA_RESTORE_STRATEGY", "latest-savepoint"));
            application.awaitRunning();
            row.figure("savepoint", path)
                    .claim("the next Job starts from it", application.restoredFrom().equals(path));
        }
    }
}
