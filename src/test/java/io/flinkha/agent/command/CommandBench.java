package io.flinkha.agent.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.flinkha.agent.adapter.kubernetes.KubernetesLeaseStore;
import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.contract.Connected;
import io.flinkha.agent.contract.MockApi;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.port.Result;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** An API server, a storage, and the command line as a person finds it. */
abstract class CommandBench {
    static final String NAMESPACE = "prod";
    static final String ID = "orders";
    static final String LEADER = ID + "-cluster-config-map";
    static final String MANIFEST = ID + "-flink-ha";
    static final String JOB = "a".repeat(32);

    @TempDir Path storage;

    final KubernetesMockServer server = MockApi.start();
    final KubernetesClient client = connect();

    /** What happens in the cluster while a command waits. */
    Runnable meanwhile = () -> {};

    /** What happens in the cluster between a command's look and its first patch. */
    @Nullable Runnable beforePatch;

    /** Whether a person reads what is printed. */
    boolean terminal = true;

    private long nanos;

    record Ran(int code, String out, String err) {}

    private KubernetesClient connect() {
        Config config =
                new ConfigBuilder(server.createClient().getConfiguration())
                        .withRequestRetryBackoffLimit(0)
                        .build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor("patches", new Patches()))
                .build();
    }

    private final class Patches implements Interceptor {
        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            Runnable first = beforePatch;
            if (request.method().equals("PATCH") && first != null) {
                beforePatch = null;
                first.run();
            }
        }
    }

    @AfterEach
    void stop() {
        server.destroy();
    }

    final Ran run(String... args) {
        return run(
                Map.of(
                        "FLINK_HA_CLUSTER_ID",
                        ID,
                        "FLINK_HA_NAMESPACE",
                        NAMESPACE,
                        "FLINK_HA_STORAGE_URI",
                        storage.toUri().toString()),
                args);
    }

    final Ran run(Map<String, String> environment, String... args) {
        Waiting waiting =
                new Waiting() {
                    @Override
                    public long nanos() {
                        return nanos;
                    }

                    @Override
                    public void pause(long millis) {
                        nanos += millis * 1_000_000;
                        meanwhile.run();
                    }
                };
        CommandLine line =
                new Commands(
                                (namespace, clusterId) ->
                                        new KubernetesObjects(
                                                Connected.as(connect()),
                                                namespace == null ? "default" : namespace,
                                                clusterId),
                                environment::get,
                                waiting,
                                terminal)
                        .line();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return new Ran(line.execute(args), out.toString(), err.toString());
    }

    static void assertDone(Ran ran) {
        assertEquals("", ran.err());
        assertEquals(0, ran.code());
    }

    /** One sentence on the error stream. */
    static void assertRefused(Ran ran, String... words) {
        assertEquals(1, ran.code(), ran.out());
        assertEquals(1, ran.err().lines().count(), ran.err());
        for (String word : words) {
            assertTrue(ran.err().contains(word), ran.err());
        }
    }

    static JsonObject manifest(long epoch) {
        return new JsonObject()
                .put("version", 1)
                .put("epoch", epoch)
                .put("sequence", 42)
                .put("reservedTo", 65)
                .put("ofANewerAgent", "kept");
    }

    static JsonObject withRun(long epoch) {
        return manifest(epoch)
                .put(
                        "run",
                        new JsonObject()
                                .put("jobId", JOB)
                                .put("jobName", "count")
                                .put("epoch", epoch))
                .put("checkpoints", new JsonArray().add(checkpoint(117)).add(checkpoint(118)));
    }

    static JsonObject checkpoint(int id) {
        return new JsonObject()
                .put("id", id)
                .put("path", "file:/c/chk-" + id)
                .put("metadata", "file:/c/chk-" + id + "/_metadata")
                .put("metadataBytes", 1)
                .put("timestamp", 1)
                .put("completedAt", 2);
    }

    final void store(String json) {
        client.configMaps()
                .inNamespace(NAMESPACE)
                .resource(
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName(MANIFEST)
                                .endMetadata()
                                .addToData("manifest.json", json)
                                .build())
                .create();
    }

    final void publish(Map<String, String> annotations) {
        client.configMaps()
                .inNamespace(NAMESPACE)
                .resource(
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName(LEADER)
                                .withAnnotations(annotations)
                                .endMetadata()
                                .build())
                .create();
    }

    final @Nullable JsonObject stored() {
        var map = client.configMaps().inNamespace(NAMESPACE).withName(MANIFEST).get();
        return map == null ? null : new JsonObject(map.getData().get("manifest.json"));
    }

    /** Kinds and names of what is left. */
    final List<String> objects() {
        return Stream.concat(
                        client.leases().inNamespace(NAMESPACE).list().getItems().stream(),
                        client.configMaps().inNamespace(NAMESPACE).list().getItems().stream())
                .map(object -> object.getKind() + " " + object.getMetadata().getName())
                .sorted()
                .toList();
    }

    /** By epoch 7; written again by the same holder, it is renewed. */
    final void writeLease(String holder) {
        KubernetesLeaseStore leases = new KubernetesLeaseStore(Connected.as(client), NAMESPACE, ID);
        Optional<LeaseRecord> known = ok(leases.read());
        String version = (known.isPresent() ? known.get() : ok(leases.createEmpty())).version();
        ok(leases.write(new LeaseRecord(holder, "n", 7, 7, holder.isEmpty() ? 7 : 0, 60, version)));
    }

    final void removeLease() {
        client.leases().inNamespace(NAMESPACE).withName(ID).delete();
    }

    private static <T> T ok(Result<T> result) {
        return result.fold(
                value -> value,
                (outcome, reason) -> {
                    throw new AssertionError(outcome + " " + reason);
                });
    }

    final Path file(String name, String content) {
        try {
            Path file = storage.resolve(NAMESPACE).resolve(ID).resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Paths below the cluster-id's directory. */
    final List<String> files() {
        Path root = storage.resolve(NAMESPACE).resolve(ID);
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
