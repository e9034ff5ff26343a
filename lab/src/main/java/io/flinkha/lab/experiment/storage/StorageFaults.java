package io.flinkha.lab.experiment.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.api.AilingProxy;
import io.flinkha.lab.api.AilingProxy.Ailment;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.application.Undisturbed;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Program;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.ObjectStorage;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.JobManagerRest.CheckpointView;
import io.flinkha.lab.process.Ports;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The agent's storage ails while it leads and its job checkpoints: what a person sees, and that
 * nothing else happens.
 */
public final class StorageFaults implements LocalExperiment {
    private static final String EVENTS = "/apis/events.k8s.io/v1/namespaces/default/events";
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration LENGTH = Duration.ofSeconds(12);

    private interface Act {
        void run() throws IOException;
    }

    /** How it was before a fault, and which Events had been told. */
    private record Before(BeforeFault fault, long at, Set<String> events) {}

    @Override
    public String name() {
        return "storage-faults";
    }

    @Override
    public void run(Workbench bench, Report report) {
        onObjectStore(bench, report);
        onDirectory(bench, report);
    }

    private static void onObjectStore(Workbench bench, Report report) {
        ObjectStorage store = bench.objectStorage();
        Path credentials = bench.directory().resolve("credentials");
        ObjectStorage.writeCredentials(credentials, ObjectStorage.SECRET);
        try (AilingProxy proxy = new AilingProxy(Ports.free(), store.port())) {
            ApplicationSpec spec =
                    bench.counting(Side.AGENT, "faults")
                            .withAgent("FLINK_HA_STORAGE_URI", store.uri())
                            .withAgent(
                                    "FLINK_HA_STORAGE_ENDPOINT", "http://127.0.0.1:" + proxy.port())
                            .withAgent("FLINK_HA_STORAGE_TIMEOUT", "5s")
                            .withAgent("AWS_SHARED_CREDENTIALS_FILE", credentials.toString())
                            .withAgent("AWS_EC2_METADATA_DISABLED", "true");
            try (LocalApplication application = bench.start("faults", spec)) {
                application.awaitSteady();
                ail(report, application, proxy, "slow: 2 s a request", Ailment.SLOW, "");
                ail(
                        report,
                        application,
                        proxy,
                        "silent: no answer",
                        Ailment.SILENT,
                        "no answer in time");
                ail(
                        report,
                        application,
                        proxy,
                        "503 SlowDown",
                        Ailment.SLOW_DOWN,
                        "asks for fewer requests");
                ail(report, application, proxy, "cut mid-stream", Ailment.CUT, "no connection");
                ail(report, application, proxy, "wrong region", Ailment.WRONG_REGION, "region");
                during(
                        report,
                        application,
                        "connection refused",
                        "no connection",
                        proxy::refuse,
                        proxy::accept);
                ObjectStorage renewed = store.withSecret(bench, "renewed-secret");
                during(
                        report,
                        application,
                        "credentials expired, renewed",
                        "credentials ran out",
                        () -> proxy.target(renewed.port()),
                        () -> ObjectStorage.writeCredentials(credentials, "renewed-secret"));
                atStart(
                        report,
                        application,
                        proxy,
                        "no right to delete",
                        Ailment.NO_DELETE,
                        "right to delete");
                atStart(
                        report,
                        application,
                        proxy,
                        "put-if-absent ignored",
                        Ailment.CONDITION_IGNORED,
                        "ignores put-if-absent");
            }
        }
    }

    private static void ail(
            Report report,
            LocalApplication application,
            AilingProxy proxy,
            String name,
            Ailment how,
            String sentence) {
        during(
                report,
                application,
                name,
                sentence,
                () -> proxy.ail(how),
                () -> proxy.ail(Ailment.NONE));
    }

    /** A disk of its own, small and soon full. */
    private static void onDirectory(Workbench bench, Report report) {
        Path disk = bench.directory().resolve("small-disk");
        try {
            Files.createDirectories(disk);
            mount("-t", "tmpfs", "-o", "size=512k", "flink-ha", disk.toString());
        } catch (IOException | IllegalStateException e) {
            report.row("full and read-only disk").claim("mounted a disk: " + e.getMessage(), false);
            return;
        }
        ApplicationSpec spec =
                bench.counting(Side.AGENT, "disk")
                        .withAgent("FLINK_HA_STORAGE_URI", disk.toUri().toString());
        Path filler = disk.resolve("filler");
        try (LocalApplication application = bench.start("disk", spec)) {
            application.awaitSteady();
            during(
                    report,
                    application,
                    "full disk",
                    "storage is full",
                    () -> fill(filler),
                    () -> Files.delete(filler));
            during(
                    report,
                    application,
                    "read-only mount",
                    "mounted read-only",
                    () -> mount("-o", "remount,ro", disk.toString()),
                    () -> mount("-o", "remount,rw", disk.toString()));
        } finally {
            execute("umount", "-l", disk.toString());
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

    private static void mount(String... options) {
        execute(Stream.concat(Stream.of("mount"), Stream.of(options)).toArray(String[]::new));
    }

    private static void execute(String... command) {
        var unused = Program.run(Path.of("/"), command);
    }

    private static Before before(LocalApplication application) {
        return new Before(
                BeforeFault.of(application),
                System.currentTimeMillis(),
                names(events(application)));
    }

    /** An empty sentence: nobody needs to be told. */
    private static void during(
            Report report,
            LocalApplication application,
            String name,
            String sentence,
            Act break_,
            Act mend) {
        Console.event("=== storage: " + name);
        Before before = before(application);
        Row row = report.row(name);
        run(break_);
        if (!sentence.isEmpty()) {
            Await.until(
                    "an Event that says it",
                    LIMIT,
                    () -> event(application, before, "StorageDegraded", sentence).isPresent());
        }
        Await.pass(LENGTH);
        CheckpointView meanwhile = application.rest().checkpoints();
        run(mend);
        awaitCopies(application);
        row.sentence(
                event(application, before, "StorageDegraded", sentence)
                        .filter(found -> !sentence.isEmpty())
                        .orElse("nothing: the copies of the manifest come later"));
        row.figure(
                "checkpointsMeanwhile", meanwhile.latest() - before.fault().checkpoints().latest());
        claim(application, row, before);
    }

    private static void atStart(
            Report report,
            LocalApplication application,
            AilingProxy proxy,
            String name,
            Ailment how,
            String sentence) {
        Console.event("=== storage at the agent's start: " + name);
        Before before = before(application);
        Row row = report.row("at the start: " + name);
        proxy.ail(how);
        application.pod().agent().kill();
        Await.until(
                "an Event that says it",
                LIMIT,
                () ->
                        event(application, before, "StorageDegraded", sentence).isPresent()
                                || event(application, before, "StorageUnfit", sentence)
                                        .isPresent());
        row.sentence(
                event(application, before, "StorageDegraded", sentence)
                        .or(() -> event(application, before, "StorageUnfit", sentence))
                        .orElse(""));
        proxy.ail(Ailment.NONE);
        awaitCopies(application);
        claim(application, row, before);
    }

    private static void run(Act act) {
        try {
            act.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A copy of what is committed from now on. */
    private static void awaitCopies(LocalApplication application) {
        long sequence = application.manifest().path("sequence").asLong();
        String wanted = "-%012d.json".formatted(sequence);
        String id = application.spec().clusterId();
        Path place =
                application
                        .bench()
                        .directory()
                        .resolve(id.equals("disk") ? "small-disk" : "s3/flink");
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

    private static void claim(LocalApplication application, Row row, Before before) {
        Undisturbed after = Aftermath.of(application, before.fault(), before.at()).undisturbed();
        row.figure("failedCheckpoints", after.failedCheckpoints())
                .figure("epochBefore", after.epochBefore())
                .figure("epochAfter", after.epochAfter());
        after.claim(row);
    }

    private static JsonNode events(LocalApplication application) {
        return application.bench().api().object(EVENTS).path("items");
    }

    private static Set<String> names(JsonNode events) {
        Set<String> names = new HashSet<>();
        events.forEach(event -> names.add(event.path("metadata").path("name").asText()));
        return names;
    }

    /** One that was not there before. */
    private static Optional<String> event(
            LocalApplication application, Before before, String reason, String sentence) {
        for (JsonNode event : events(application)) {
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
