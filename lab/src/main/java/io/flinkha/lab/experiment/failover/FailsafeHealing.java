package io.flinkha.lab.experiment.failover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkha.lab.api.ApiClient;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.experiment.Trial;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.StartOutcome;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Somebody's hand in the manifest, or in its copies: the newest copy that verifies goes on. */
final class FailsafeHealing {
    private static final String EVENTS = "/apis/events.k8s.io/v1/namespaces/default/events";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private FailsafeHealing() {}

    private interface Hand {
        void on(LocalApplication application, JsonNode old);
    }

    static List<Trial> trials() {
        return List.of(
                trial(
                        "manifest set back within its epoch",
                        "ManifestHealed",
                        FailsafeHealing::setBack),
                trial("copies forged", "CopyNotVerified", FailsafeHealing::forge),
                new Trial("manifest deleted beside the leader", FailsafeHealing::deleted));
    }

    private static Trial trial(String name, String event, Hand hand) {
        return new Trial(name, (bench, id, row) -> run(bench, id, row, event, hand));
    }

    private static void run(Workbench bench, String id, Row row, String event, Hand hand) {
        ApplicationSpec spec = Failsafe.failsafe(Trial.spec(bench, id));
        try (LocalApplication application = bench.start(id, spec)) {
            application.awaitSteady();
            Failsafe.awaitReady(application.pod());
            JsonNode old = bench.api().object(path(id));
            application.awaitCheckpoints(10, MINUTE);
            String newest = endPod(application);
            hand.on(application, old);
            application.replacePod(spec);
            goesOn(application, row, newest);
            row.claim("an Event says " + event, tells(bench.api(), event));
            Trial.finishExactlyOnce(application, row);
        }
    }

    /** Answers the newest checkpoint then, when its copy lies in the storage. */
    private static String endPod(LocalApplication application) {
        application.jobManager().killForGood();
        String id = application.spec().clusterId();
        Await.until(
                "the agent's next epoch", MINUTE, () -> application.bench().api().claimed(id) > 1);
        long sequence = application.manifest().path("sequence").asLong();
        Await.until(
                "its copy",
                MINUTE,
                () -> copies(application).anyMatch(name -> name.endsWith(sequence + ".json")));
        application.pod().end();
        JsonNode checkpoints = application.manifest().path("checkpoints");
        return checkpoints.path(checkpoints.size() - 1).path("path").asText();
    }

    private static void goesOn(LocalApplication application, Row row, String newest) {
        StartOutcome start = StartOutcome.awaitRunning(application.pod());
        row.figure("started", start.kind())
                .figure("newest", StartOutcome.name(newest))
                .figure("restoredFrom", start.restoredFrom())
                .claim("it goes on", start.kind().equals("RESUME"))
                .claim("from the newest", start.restored().equals(newest));
        application.awaitCheckpoints(2, MINUTE);
    }

    private static boolean tells(ApiClient api, String reason) {
        for (JsonNode event : api.object(EVENTS).path("items")) {
            if (event.path("reason").asText().equals(reason)) {
                return true;
            }
        }
        return false;
    }

    private static String path(String id) {
        return "/api/v1/namespaces/default/configmaps/" + id + "-flink-ha";
    }

    /** The key stays: a backup has what the ConfigMap had. */
    private static void setBack(LocalApplication application, JsonNode old) {
        String id = application.spec().clusterId();
        ApiClient api = application.bench().api();
        JsonNode configMap = api.object(path(id));
        String text = old.path("data").path("manifest.json").asText();
        String ofThisEpoch =
                text.replaceFirst(
                        "\"epoch\":\\d+", "\"epoch\":" + application.manifest().path("epoch"));
        ((ObjectNode) configMap.path("data")).put("manifest.json", ofThisEpoch);
        api.write("PUT", path(id), configMap);
        Console.event("--- the manifest is set back to an older one of its epoch");
    }

    /** A good copy under higher names, and one whose seal is made up. */
    private static void forge(LocalApplication application, JsonNode old) {
        Path directory = directory(application);
        String good = copies(application).max(String::compareTo).orElseThrow();
        String text = Directories.text(directory.resolve(good));
        write(directory.resolve("0999999999-000000000001.json"), text);
        write(
                directory.resolve("0000000099-000000000001.json"),
                text.replaceAll("[0-9a-f]{64}", "0".repeat(64)));
        Console.event("--- copies are forged");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path directory(LocalApplication application) {
        return application
                .directory()
                .storage()
                .resolve("default")
                .resolve(application.spec().clusterId())
                .resolve("manifests");
    }

    private static Stream<String> copies(LocalApplication application) {
        try (Stream<Path> files = Files.list(directory(application))) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The agent that leads knows what stood there, the key included. */
    private static void deleted(Workbench bench, String id, Row row) {
        ApplicationSpec spec = Failsafe.failsafe(Trial.spec(bench, id));
        try (LocalApplication application = bench.start(id, spec)) {
            application.awaitSteady();
            Failsafe.awaitReady(application.pod());
            JsonNode before = bench.api().object(path(id));
            Console.event("--- the manifest is deleted, and the JobManager killed");
            bench.api().delete(path(id));
            var unused = application.killJobManager();
            Await.until("the manifest anew", MINUTE, () -> application.epoch() > 1);
            StartOutcome start = StartOutcome.awaitRunning(application.pod());
            String key = bench.api().object(path(id)).path("data").path("copy.key").asText();
            row.figure("started", start.kind())
                    .claim("it goes on", start.kind().equals("RESUME"))
                    .claim(
                            "with the same key",
                            key.equals(before.path("data").path("copy.key").asText()));
            Trial.finishExactlyOnce(application, row);
        }
    }
}
