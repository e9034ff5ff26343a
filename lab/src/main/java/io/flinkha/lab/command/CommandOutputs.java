package io.flinkha.lab.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.Json;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.cluster.Pod.Answer;
import io.flinkha.lab.measure.Scrape;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Each command of the agent's executable beside a job that runs, what it brought about, and what a
 * wrong argument gets. Its Kubernetes Job is an object without a controller.
 */
public final class CommandOutputs implements Command {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String JOBS = "/apis/batch/v1/namespaces/default/jobs";
    private static final String JOB = "orders-jm";
    private static final List<String> TEXT = List.of("-o", "text");

    private static final int DONE = 0;
    private static final int REFUSED = 1;
    private static final int MISUSED = 2;

    @Override
    public String name() {
        return "commands";
    }

    @Override
    public void run(Bench bench, Report report) {
        ObjectNode job =
                Json.MAPPER.createObjectNode().put("apiVersion", "batch/v1").put("kind", "Job");
        job.putObject("metadata").put("name", JOB);
        job.putObject("spec").put("backoffLimit", Integer.MAX_VALUE);
        String uid = bench.api().write("POST", JOBS, job).path("metadata").path("uid").asText();
        ClusterSpec spec =
                Stage.counting(bench, Kind.AGENT, "orders")
                        .withAgent("FLINK_HA_JOB_NAME", JOB)
                        .withAgent("FLINK_HA_CONTROLLER_UID", uid)
                        .withAgent("FLINK_HA_LEASE_DURATION", "15s")
                        .withAgent("FLINK_HA_LEASE_RENEW_DEADLINE", "11s")
                        .withAgent("FLINK_HA_LEASE_RETRY_PERIOD", "2500ms");
        try (Cluster cluster = bench.start("orders", spec)) {
            Stage.awaitSteady(cluster);
            looks(report, cluster);
            pauses(report, cluster);
            stepsDown(report, cluster);
            restores(report, cluster);
            parks(report, cluster);
            storage(report, cluster);
            injects(report, cluster, bench);
            mistakes(report, cluster);
            afterTheEnd(report, cluster);
        }
    }

    private static void looks(Report report, Cluster cluster) {
        asked(report, cluster, DONE, "epoch 1", with(TEXT, "status"));
        Row json = asked(report, cluster, DONE, "\"leadership\"", List.of("status"));
        json.claim("without a terminal it is JSON", isJson(cluster, List.of("status")));
        asked(report, cluster, DONE, "epoch 1", with(TEXT, "history"));
    }

    private static boolean isJson(Cluster cluster, List<String> words) {
        return Json.read(cluster.pod().command(words).printed()).isObject();
    }

    private static void pauses(Report report, Cluster cluster) {
        asked(
                report,
                cluster,
                DONE,
                "Paused.",
                with(TEXT, "pause", "--reason", "a look at the heap"));
        Row row = asked(report, cluster, DONE, "a look at the heap", with(TEXT, "status"));
        long pid = cluster.jobManager().current().pid();
        Await.until("the leader's next renewal", LIMIT, () -> metric(cluster, "paused") == 1);
        Stage.awaitCheckpoints(cluster.pod(), 3, LIMIT);
        asked(report, cluster, REFUSED, "resume first", with(TEXT, "step-down"));
        row.claim("the same JobManager runs on", cluster.jobManager().current().pid() == pid);
        asked(report, cluster, DONE, "is on again", with(TEXT, "resume"))
                .claim(
                        "the leader sees it",
                        Await.holdsWithin(LIMIT, () -> metric(cluster, "paused") == 0));
    }

    private static double metric(Cluster cluster, String name) {
        return Scrape.of(cluster.pod().managementPort(), Scrape.TEXT)
                .text()
                .lines()
                .filter(line -> line.startsWith("flink_ha_agent_" + name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElse(-1);
    }

    private static void stepsDown(Report report, Cluster cluster) {
        long epoch = Stage.epoch(cluster);
        Row row = asked(report, cluster, DONE, "is led by", with(TEXT, "step-down"));
        row.claim("the next epoch", Stage.epoch(cluster) == epoch + 1)
                .claim(
                        "the job runs",
                        Await.holdsWithin(LIMIT, () -> cluster.pod().rest().job().allRunning()))
                .claim("main() ran once", cluster.mainRuns() == 1);
        Stage.awaitCheckpointed(cluster);
    }

    private static void restores(Report report, Cluster cluster) {
        String savepoint = LastRun.savepoint(cluster);
        Stage.awaitCheckpoints(cluster.pod(), 2, LIMIT);
        long epoch = Stage.epoch(cluster);
        asked(
                        report,
                        cluster,
                        DONE,
                        "Nothing was changed",
                        with(TEXT, "restore", "--from", savepoint))
                .claim("the same epoch", Stage.epoch(cluster) == epoch);
        Row row =
                asked(
                        report,
                        cluster,
                        DONE,
                        "starts from it",
                        with(TEXT, "restore", "--from", savepoint, "--yes"));
        boolean runs = Await.holdsWithin(LIMIT, () -> cluster.pod().rest().job().allRunning());
        row.claim("the job runs", runs)
                .claim("main() ran again", cluster.mainRuns() == 2)
                .claim(
                        "from that state",
                        Stage.manifest(cluster)
                                .path("restoredFrom")
                                .path("path")
                                .asText()
                                .equals(savepoint));
        Stage.awaitCheckpointed(cluster);
    }

    private static void parks(Report report, Cluster cluster) {
        asked(report, cluster, DONE, "is suspended", with(TEXT, "park"))
                .claim("spec.suspend", suspended(cluster));
        asked(report, cluster, DONE, "parked already", with(TEXT, "park"));
        asked(report, cluster, DONE, "parked", with(TEXT, "status"));
        asked(report, cluster, REFUSED, "is being suspended", with(TEXT, "resume"));
        showSuspended(cluster);
        asked(report, cluster, DONE, "is resumed", with(TEXT, "resume"))
                .claim("spec.suspend is off", !suspended(cluster));
        asked(report, cluster, DONE, "nothing was changed", with(TEXT, "resume"));
    }

    /** As its controller does after a while. */
    private static void showSuspended(Cluster cluster) {
        ObjectNode job = (ObjectNode) cluster.bench().api().object(JOBS + "/" + JOB);
        job.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "Suspended")
                .put("status", "True");
        var unused = cluster.bench().api().write("PUT", JOBS + "/" + JOB, job);
    }

    private static boolean suspended(Cluster cluster) {
        return cluster.bench()
                .api()
                .object(JOBS + "/" + JOB)
                .path("spec")
                .path("suspend")
                .asBoolean();
    }

    private static void storage(Report report, Cluster cluster) {
        asked(report, cluster, DONE, "To delete from", with(TEXT, "gc", "--dry-run"));
        asked(report, cluster, REFUSED, "is in use by", with(TEXT, "purge", "--yes"));
    }

    /** These are for a cluster-id that nobody uses. */
    private static void afterTheEnd(Report report, Cluster cluster) {
        cluster.pod().end();
        asked(report, cluster, REFUSED, "nothing is lost", with(TEXT, "restore-from-storage"));
        cluster.bench().api().delete("/api/v1/namespaces/default/configmaps/orders-flink-ha");
        asked(report, cluster, DONE, "epoch", with(TEXT, "restore-from-storage"))
                .claim("the manifest is back", !Stage.manifest(cluster).isMissingNode());
        asked(report, cluster, REFUSED, "Nothing was deleted", with(TEXT, "purge"))
                .claim("nothing was deleted", !Stage.manifest(cluster).isMissingNode());
        asked(report, cluster, DONE, "orders", with(TEXT, "purge", "--yes"))
                .claim("the manifest is gone", Stage.manifest(cluster).isMissingNode());
    }

    private static void injects(Report report, Cluster cluster, Bench bench) {
        Path job = bench.project().root().resolve("lab/injection/script.yaml");
        asked(
                report,
                cluster,
                DONE,
                "name: flink-ha-agent",
                List.of("inject", "-f", job.toString()));
        asked(
                report,
                cluster,
                REFUSED,
                "flinkha.io/lease.durration is not known",
                List.of("inject", "-f", altered(bench, job, "flinkha.io/lease.durration: 30s")));
        asked(
                report,
                cluster,
                REFUSED,
                "There is no file",
                List.of("inject", "-f", "/nowhere.yaml"));
        asked(report, cluster, MISUSED, "--filename", List.of("inject"));
    }

    /** With one more annotation. */
    private static String altered(Bench bench, Path job, String annotation) {
        try {
            String text = Files.readString(job);
            return Files.writeString(
                            bench.directory().resolve("altered.yaml"),
                            text.replace(
                                    "  annotations:\n", "  annotations:\n    " + annotation + "\n"))
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void mistakes(Report report, Cluster cluster) {
        asked(report, cluster, MISUSED, "pasue", List.of("pasue"));
        asked(report, cluster, MISUSED, "--watch", List.of("status", "--watch"));
        asked(report, cluster, MISUSED, "give text or json", List.of("status", "-o", "xml"));
        asked(report, cluster, MISUSED, "Orders!", List.of("status", "--cluster-id", "Orders!"));
        asked(
                report,
                cluster,
                REFUSED,
                "There is no Lease invoices",
                List.of("step-down", "--cluster-id", "invoices"));
        asked(report, cluster, MISUSED, "--from", List.of("restore", "--yes"));
        asked(
                report,
                cluster,
                REFUSED,
                "whole URI",
                List.of("restore", "--from", "chk-7", "--yes"));
        asked(
                report,
                cluster,
                REFUSED,
                "There is no Job invoices",
                List.of("park", "--job", "invoices"));
        asked(
                report,
                cluster,
                REFUSED,
                "is not there",
                List.of("gc", "--dry-run", "--storage-uri", "file:///nowhere"));
        asked(report, cluster, MISUSED, "ftp", List.of("gc", "--storage-uri", "ftp://host/flink"));
    }

    private static List<String> with(List<String> options, String... words) {
        return Stream.concat(Stream.of(words), options.stream()).toList();
    }

    private static Row asked(
            Report report, Cluster cluster, int exitCode, String says, List<String> words) {
        String name = "flink-ha-agent " + String.join(" ", words);
        Console.event(name);
        Answer answer = cluster.pod().command(words);
        String said = (answer.printed() + answer.complained()).strip();
        return report.row(name)
                .figure("exitCode", answer.exitCode())
                .sentence(said)
                .claim("exit code " + exitCode, answer.exitCode() == exitCode)
                .claim("it says '%s'".formatted(says), said.contains(says));
    }
}
