package io.flinkha.lab.experiment.restart;

import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
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
