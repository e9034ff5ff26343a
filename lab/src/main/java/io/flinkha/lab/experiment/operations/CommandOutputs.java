package io.flinkha.lab.experiment.operations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.base.Json;
import io.flinkha.lab.base.Program;
import io.flinkha.lab.base.Project;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.Scrape;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Each command of the agent's executable beside a job that runs, what it brought about, and what a
 * wrong argument gets. Its Kubernetes Job is an object without a controller.
 */
public final class CommandOutputs implements LocalExperiment {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String JOBS = "/apis/batch/v1/namespaces/default/jobs";
    private static final String JOB = "orders-jm";
    private static final List<String> TEXT = List.of("-o", "text");

    /** Calls of which the median is taken. */
    private static final int TIMED = 9;

    /** What the native agent may take for one, by the median. */
    private static final long MOST_MILLIS = 100;

    private static final int DONE = 0;
    private static final int REFUSED = 1;
    private static final int MISUSED = 2;

    @Override
    public String name() {
        return "commands";
    }

    @Override
    public void run(Workbench bench, Report report) {
        ObjectNode job =
                Json.MAPPER.createObjectNode().put("apiVersion", "batch/v1").put("kind", "Job");
        job.putObject("metadata").put("name", JOB);
        job.putObject("spec").put("backoffLimit", Integer.MAX_VALUE);
        String uid = bench.api().write("POST", JOBS, job).path("metadata").path("uid").asText();
        ApplicationSpec spec =
                bench.counting(Side.AGENT, "orders")
                        .withAgent("FLINK_HA_JOB_NAME", JOB)
                        .withAgent("FLINK_HA_CONTROLLER_UID", uid)
                        .withAgent("FLINK_HA_LEASE_DURATION", "15s")
                        .withAgent("FLINK_HA_LEASE_RENEW_DEADLINE", "11s")
                        .withAgent("FLINK_HA_LEASE_RETRY_PERIOD", "2500ms");
        try (LocalApplication application = bench.start("orders", spec)) {
            application.awaitSteady();
            looks(report, application);
            pauses(report, application);
            stepsDown(report, application);
            restores(report, application);
            parks(report, application);
            storage(report, application);
            injects(report, application, bench);
            mistakes(report, application);
            afterTheEnd(report, application);
        }
    }

    private static void looks(Report report, LocalApplication application) {
        asked(report, application, DONE, "epoch 1", with(TEXT, "status"));
        Row json = asked(report, application, DONE, "\"leadership\"", List.of("status"));
        json.claim("without a terminal it is JSON", isJson(application, List.of("status")));
        takesNoTime(json, application);
        asked(report, application, DONE, "epoch 1", with(TEXT, "history"));
    }

    /** Processes of their own each time, as whoever calls it from a script has them. */
    private static void takesNoTime(Row row, LocalApplication application) {
        long[] millis = new long[TIMED];
        boolean done = true;
        for (int i = 0; i < TIMED; i++) {
            long start = System.nanoTime();
            done &= application.pod().command(List.of("status")).code() == DONE;
            millis[i] = (System.nanoTime() - start) / 1_000_000;
        }
        long median = LongStream.of(millis).sorted().toArray()[TIMED / 2];
        row.figure("statusMillis", median).claim("each time it is answered", done);
        if (application.bench().project().agent() == Project.Agent.NATIVE) {
            row.claim("within %d ms".formatted(MOST_MILLIS), median <= MOST_MILLIS);
        }
    }

    private static boolean isJson(LocalApplication application, List<String> words) {
        return Json.read(application.pod().command(words).output()).isObject();
    }

    private static void pauses(Report report, LocalApplication application) {
        asked(
                report,
                application,
                DONE,
                "Paused.",
                with(TEXT, "pause", "--reason", "a look at the heap"));
        Row row = asked(report, application, DONE, "a look at the heap", with(TEXT, "status"));
        String process = application.jobManagerProcess();
        Await.until("the leader's next renewal", LIMIT, () -> metric(application, "paused") == 1);
        application.awaitCheckpoints(3, LIMIT);
        asked(report, application, REFUSED, "resume first", with(TEXT, "step-down"));
        row.claim("the same JobManager runs on", application.jobManagerProcess().equals(process));
        asked(report, application, DONE, "is on again", with(TEXT, "resume"))
                .claim(
                        "the leader sees it",
                        Await.holdsWithin(LIMIT, () -> metric(application, "paused") == 0));
    }

    private static double metric(LocalApplication application, String name) {
        return Scrape.of(application.pod().managementPort(), Scrape.TEXT)
                .text()
                .lines()
                .filter(line -> line.startsWith("flink_ha_agent_" + name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElse(-1);
    }

    private static void stepsDown(Report report, LocalApplication application) {
        long epoch = application.epoch();
        Row row = asked(report, application, DONE, "is led by", with(TEXT, "step-down"));
        row.claim("the next epoch", application.epoch() == epoch + 1)
                .claim(
                        "the job runs",
                        Await.holdsWithin(LIMIT, () -> application.rest().job().allRunning()))
                .claim("main() ran once", application.mainRuns() == 1);
        application.awaitCheckpointed();
    }

    private static void restores(Report report, LocalApplication application) {
        String savepoint = application.savepoint(application.directory().savepoints(), LIMIT);
        application.awaitCheckpoints(2, LIMIT);
        long epoch = application.epoch();
        asked(
                        report,
                        application,
                        DONE,
                        "Nothing was changed",
                        with(TEXT, "restore", "--from", savepoint))
                .claim("the same epoch", application.epoch() == epoch);
        Row row =
                asked(
                        report,
                        application,
                        DONE,
                        "starts from it",
                        with(TEXT, "restore", "--from", savepoint, "--yes"));
        boolean runs = Await.holdsWithin(LIMIT, () -> application.rest().job().allRunning());
        row.claim("the job runs", runs)
                .claim("main() ran again", application.mainRuns() == 2)
                .claim("from that state", application.restoredFrom().equals(savepoint));
        application.awaitCheckpointed();
    }

    private static void parks(Report report, LocalApplication application) {
        asked(report, application, DONE, "is suspended", with(TEXT, "park"))
                .claim("spec.suspend", suspended(application));
        asked(report, application, DONE, "parked already", with(TEXT, "park"));
        asked(report, application, DONE, "parked", with(TEXT, "status"));
        asked(report, application, REFUSED, "is being suspended", with(TEXT, "resume"));
        showSuspended(application);
        asked(report, application, DONE, "is resumed", with(TEXT, "resume"))
                .claim("spec.suspend is off", !suspended(application));
        asked(report, application, DONE, "nothing was changed", with(TEXT, "resume"));
    }

    /** As its controller does after a while. */
    private static void showSuspended(LocalApplication application) {
        ObjectNode job = (ObjectNode) application.bench().api().object(JOBS + "/" + JOB);
        job.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "Suspended")
                .put("status", "True");
        var unused = application.bench().api().write("PUT", JOBS + "/" + JOB, job);
    }

    private static boolean suspended(LocalApplication application) {
        return application
                .bench()
                .api()
                .object(JOBS + "/" + JOB)
                .path("spec")
                .path("suspend")
                .asBoolean();
    }

    private static void storage(Report report, LocalApplication application) {
        asked(report, application, DONE, "To delete from", with(TEXT, "gc", "--dry-run"));
        asked(report, application, REFUSED, "is in use by", with(TEXT, "purge", "--yes"));
    }

    /** These are for a cluster-id that nobody uses. */
    private static void afterTheEnd(Report report, LocalApplication application) {
        application.pod().end();
        asked(report, application, REFUSED, "nothing is lost", with(TEXT, "restore-from-storage"));
        application.bench().api().delete("/api/v1/namespaces/default/configmaps/orders-flink-ha");
        asked(
                        report,
                        application,
                        REFUSED,
                        "Nothing was written",
                        with(TEXT, "restore-from-storage"))
                .claim("nothing was written", application.manifest().isMissingNode());
        asked(report, application, DONE, "epoch", with(TEXT, "restore-from-storage", "--yes"))
                .claim("the manifest is back", !application.manifest().isMissingNode());
        asked(report, application, REFUSED, "Nothing was deleted", with(TEXT, "purge"))
                .claim("nothing was deleted", !application.manifest().isMissingNode());
        asked(report, application, DONE, "orders", with(TEXT, "purge", "--yes"))
                .claim("the manifest is gone", application.manifest().isMissingNode());
    }

    private static void injects(Report report, LocalApplication application, Workbench bench) {
        Path job = bench.project().root().resolve("lab/injection/script.yaml");
        asked(
                report,
                application,
                DONE,
                "name: flink-ha-agent",
                List.of("inject", "-f", job.toString()));
        asked(
                report,
                application,
                REFUSED,
                "flinkha.io/lease.durration is not known",
                List.of("inject", "-f", altered(bench, job, "flinkha.io/lease.durration: 30s")));
        asked(
                report,
                application,
                REFUSED,
                "There is no file",
                List.of("inject", "-f", "/nowhere.yaml"));
        asked(report, application, MISUSED, "--filename", List.of("inject"));
    }

    /** With one more annotation. */
    private static String altered(Workbench bench, Path job, String annotation) {
        String text =
                Directories.text(job)
                        .replace("  annotations:\n", "  annotations:\n    " + annotation + "\n");
        return Directories.write(bench.directory().resolve("altered.yaml"), text).toString();
    }

    private static void mistakes(Report report, LocalApplication application) {
        asked(report, application, MISUSED, "pasue", List.of("pasue"));
        asked(report, application, MISUSED, "--watch", List.of("status", "--watch"));
        asked(report, application, MISUSED, "give text or json", List.of("status", "-o", "xml"));
        asked(
                report,
                application,
                MISUSED,
                "Orders!",
                List.of("status", "--cluster-id", "Orders!"));
        asked(
                report,
                application,
                REFUSED,
                "There is no Lease invoices",
                List.of("step-down", "--cluster-id", "invoices"));
        asked(report, application, MISUSED, "--from", List.of("restore", "--yes"));
        asked(
                report,
                application,
                REFUSED,
                "whole URI",
                List.of("restore", "--from", "chk-7", "--yes"));
        asked(
                report,
                application,
                REFUSED,
                "There is no Job invoices",
                List.of("park", "--job", "invoices"));
        asked(
                report,
                application,
                REFUSED,
                "is not there",
                List.of("gc", "--dry-run", "--storage-uri", "file:///nowhere"));
        asked(
                report,
                application,
                MISUSED,
                "ftp",
                List.of("gc", "--storage-uri", "ftp://host/flink"));
    }

    private static List<String> with(List<String> options, String... words) {
        return Stream.concat(Stream.of(words), options.stream()).toList();
    }

    private static Row asked(
            Report report,
            LocalApplication application,
            int exitCode,
            String says,
            List<String> words) {
        String name = "flink-ha-agent " + String.join(" ", words);
        Console.event(name);
        Program.Ran answer = application.pod().command(words);
        String said = answer.said();
        return report.row(name)
                .figure("exitCode", answer.code())
                .sentence(said)
                .claim("exit code " + exitCode, answer.code() == exitCode)
                .claim("it says '%s'".formatted(says), said.contains(says));
    }
}
