package io.flinkha.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.api.AilingProxy;
import io.flinkha.lab.api.AilingProxy.Ailment;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.cluster.ObjectStorage;
import io.flinkha.lab.measure.JobManagerRest.CheckpointView;
import io.flinkha.lab.process.Ports;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The agent's storage ails while it leads and its job checkpoints: what a person sees, and that
 * nothing else happens.
 */
public final class StorageFaults implements Command {
    private static final String EVENTS = "/apis/events.k8s.io/v1/namespaces/default/events";
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration LENGTH = Duration.ofSeconds(12);

    private interface Act {
        void run() throws IOException, InterruptedException;
    }

    /** How it was before a fault. */
    private record Before(
            long epoch, long jobManager, CheckpointView checkpoints, Set<String> events) {}

    @Override
    public String name() {
        return "storage-faults";
    }

    @Override
    public void run(Bench bench, Report report) {
        onObjectStore(bench, report);
        onDirectory(bench, report);
    }

    private static void onObjectStore(Bench bench, Report report) {
        ObjectStorage store = bench.objectStorage();
        Path credentials = bench.directory().resolve("credentials");
        ObjectStorage.writeCredentials(credentials, ObjectStorage.SECRET);
        try (AilingProxy proxy = new AilingProxy(Ports.free(), store.port())) {
            ClusterSpec spec =
                    Stage.counting(bench, Kind.AGENT, "faults")
                            .withAgent("FLINK_HA_STORAGE_URI", store.uri())
                            .withAgent(
                                    "FLINK_HA_STORAGE_ENDPOINT", "http://127.0.0.1:" + proxy.port())
                            .withAgent("FLINK_HA_STORAGE_TIMEOUT", "5s")
                            .withAgent("AWS_SHARED_CREDENTIALS_FILE", credentials.toString())
                            .withAgent("AWS_EC2_METADATA_DISABLED", "true");
            try (Cluster cluster = bench.start("faults", spec)) {
                Stage.awaitSteady(cluster);
                ail(report, cluster, proxy, "slow: 2 s a request", Ailment.SLOW, "");
                ail(
                        report,
                        cluster,
                        proxy,
                        "silent: no answer",
                        Ailment.SILENT,
                        "no answer in time");
                ail(
                        report,
                        cluster,
                        proxy,
                        "503 SlowDown",
                        Ailment.SLOW_DOWN,
                        "asks for fewer requests");
                ail(report, cluster, proxy, "cut mid-stream", Ailment.CUT, "no connection");
                ail(report, cluster, proxy, "wrong region", Ailment.WRONG_REGION, "region");
                during(
                        report,
                        cluster,
                        "connection refused",
                        "no connection",
                        proxy::refuse,
                        proxy::accept);
                ObjectStorage renewed = store.withSecret(bench, "renewed-secret");
                during(
                        report,
                        cluster,
                        "credentials expired, renewed",
                        "credentials ran out",
                        () -> proxy.target(renewed.port()),
                        () -> ObjectStorage.writeCredentials(credentials, "renewed-secret"));
                atStart(
                        report,
                        cluster,
                        proxy,
                        "no right to delete",
                        Ailment.NO_DELETE,
                        "right to delete");
                atStart(
                        report,
                        cluster,
                        proxy,
                        "put-if-absent ignored",
                        Ailment.CONDITION_IGNORED,
                        "ignores put-if-absent");
            }
        }
    }

    private static void ail(
            Report report,
            Cluster cluster,
            AilingProxy proxy,
            String name,
            Ailment how,
            String sentence) {
        during(
                report,
                cluster,
                name,
                sentence,
                () -> proxy.ail(how),
                () -> proxy.ail(Ailment.NONE));
    }

    /** A disk of its own, small and soon full. */
    private static void onDirectory(Bench bench, Report report) {
        Path disk = bench.directory().resolve("small-disk");
        try {
            Files.createDirectories(disk);
            run(() -> mount("-t", "tmpfs", "-o", "size=512k", "flink-ha", disk.toString()));
        } catch (IOException | IllegalStateException e) {
            report.row("full and read-only disk").claim("mounted a disk: " + e.getMessage(), false);
            return;
        }
        ClusterSpec spec =
                Stage.counting(bench, Kind.AGENT, "disk")
                        .withAgent("FLINK_HA_STORAGE_URI", disk.toUri().toString());
        Path filler = disk.resolve("filler");
        try (Cluster cluster = bench.start("disk", spec)) {
            Stage.awaitSteady(cluster);
            during(
                    report,
                    cluster,
                    "full disk",
                    "storage is full",
                    () -> fill(filler),
                    () -> Files.delete(filler));
            during(
                    report,
                    cluster,
                    "read-only mount",
                    "mounted read-only",
                    () -> mount("-o", "remount,ro", disk.toString()),
                    () -> mount("-o", "remount,rw", disk.toString()));
        } finally {
            run(() -> execute("umount", "-l", disk.toString()));
        }
    }

    private static void fill(Path file) throws IOException {
        byte[] block = new byte[4096];
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < 1024; i++) {
                out.write(block);
            }
        } catch (IOException e) {
            Console.event("the disk is full: " + e.getMessage());
        }
    }

    private static void mount(String... options) throws IOException, InterruptedException {
        String[] command = new String[options.length + 1];
        command[0] = "mount";
        System.arraycopy(options, 0, command, 1, options.length);
        execute(command);
    }

    private static void execute(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(said.strip());
        }
    }

    private static Before before(Cluster cluster) {
        return new Before(
                Stage.epoch(cluster),
                cluster.jobManager().current().pid(),
                cluster.pod().rest().checkpoints(),
                names(events(cluster)));
    }

    /** An empty sentence: nobody needs to be told. */
    private static void during(
            Report report, Cluster cluster, String name, String sentence, Act break_, Act mend) {
        Console.event("=== storage: " + name);
        Before before = before(cluster);
        Row row = report.row(name);
        run(break_);
        if (!sentence.isEmpty()) {
            Await.until(
                    "an Event that says it",
                    LIMIT,
                    () -> event(cluster, before, "StorageDegraded", sentence).isPresent());
        }
        Await.pass(LENGTH);
        CheckpointView meanwhile = cluster.pod().rest().checkpoints();
        run(mend);
        awaitCopies(cluster);
        row.sentence(
                event(cluster, before, "StorageDegraded", sentence)
                        .filter(found -> !sentence.isEmpty())
                        .orElse("nothing: the copies of the manifest come later"));
        row.figure("checkpointsMeanwhile", meanwhile.latest() - before.checkpoints().latest());
        claim(cluster, row, before);
    }

    private static void atStart(
            Report report,
            Cluster cluster,
            AilingProxy proxy,
            String name,
            Ailment how,
            String sentence) {
        Console.event("=== storage at the agent's start: " + name);
        Before before = before(cluster);
        Row row = report.row("at the start: " + name);
        proxy.ail(how);
        cluster.pod().agent().kill();
        Await.until(
                "an Event that says it",
                LIMIT,
                () ->
                        event(cluster, before, "StorageDegraded", sentence).isPresent()
                                || event(cluster, before, "StorageUnfit", sentence).isPresent());
        row.sentence(
                event(cluster, before, "StorageDegraded", sentence)
                        .or(() -> event(cluster, before, "StorageUnfit", sentence))
                        .orElse(""));
        proxy.ail(Ailment.NONE);
        awaitCopies(cluster);
        claim(cluster, row, before);
    }

    private static void run(Act act) {
        try {
            act.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A copy of what is committed from now on. */
    private static void awaitCopies(Cluster cluster) {
        long sequence = Stage.manifest(cluster).path("sequence").asLong();
        String wanted = "-%012d.json".formatted(sequence);
        String id = cluster.spec().clusterId();
        Path place =
                cluster.bench().directory().resolve(id.equals("disk") ? "small-disk" : "s3/flink");
        Path copies = place.resolve("default").resolve(id).resolve("manifests");
        Await.until(
                "a new copy of the manifest",
                LIMIT,
                () -> {
                    try (var files = Files.list(copies)) {
                        return files.map(file -> file.getFileName().toString())
                                .anyMatch(name -> name.substring(10).compareTo(wanted) > 0);
                    } catch (IOException e) {
                        return false;
                    }
                });
    }

    private static void claim(Cluster cluster, Row row, Before before) {
        CheckpointView after = cluster.pod().rest().checkpoints();
        row.figure("failedCheckpoints", after.failed() - before.checkpoints().failed())
                .figure("epochBefore", before.epoch())
                .figure("epochAfter", Stage.epoch(cluster))
                .claim("the same epoch", Stage.epoch(cluster) == before.epoch())
                .claim(
                        "the same JobManager process",
                        cluster.jobManager().current().pid() == before.jobManager())
                .claim("no checkpoint failed", after.failed() == before.checkpoints().failed())
                .claim("the job runs", cluster.pod().rest().job().allRunning());
    }

    private static JsonNode events(Cluster cluster) {
        return cluster.bench().api().object(EVENTS).path("items");
    }

    private static Set<String> names(JsonNode events) {
        Set<String> names = new HashSet<>();
        events.forEach(event -> names.add(event.path("metadata").path("name").asText()));
        return names;
    }

    /** One that was not there before. */
    private static Optional<String> event(
            Cluster cluster, Before before, String reason, String sentence) {
        for (JsonNode event : events(cluster)) {
            String note = event.path("note").asText();
            if (!before.events().contains(event.path("metadata").path("name").asText())
                    && event.path("reason").asText().equals(reason)
                    && note.contains(sentence)) {
                return Optional.of(reason + ": " + note);
            }
        }
        return Optional.empty();
    }
}
