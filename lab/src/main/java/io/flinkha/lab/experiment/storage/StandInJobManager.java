package io.flinkha.lab.experiment.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Json;
import io.flinkha.lab.local.LocalPod;
import io.flinkha.lab.measure.RandomBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The laboratory as a pod's JobManager: it leads, and has a plan of any length stored. */
public final class StandInJobManager implements AutoCloseable {
    private static final int RESERVED = 64;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String id = UUID.randomUUID().toString();
    private final FileChannel lock;
    private final String token;
    private final URI agent;
    private JsonNode grant = Json.MAPPER.createObjectNode();

    private StandInJobManager(LocalPod pod) throws IOException {
        token = Files.readString(pod.runDirectory().resolve("token")).strip();
        agent = URI.create("http://127.0.0.1:" + pod.controlPort());
        lock =
                FileChannel.open(
                        pod.runDirectory().resolve("jm.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        var unused = lock.lock();
        lock.truncate(0).write(ByteBuffer.wrap(id.getBytes(StandardCharsets.UTF_8)));
    }

    /** Answers when the gate is open and the agent leads. */
    public static StandInJobManager lead(LocalPod pod) {
        try {
            StandInJobManager jobManager = new StandInJobManager(pod);
            jobManager.call(
                    "register", Map.of("jm", jobManager.id, "flink", "2.3.0", "userCode", "x"));
            Await.until("the open gate", Duration.ofMinutes(2), jobManager::gateIsOpen);
            jobManager.call(
                    "publish",
                    Map.of(
                            "jm",
                            jobManager.id,
                            "epoch",
                            jobManager.epoch(),
                            "leaders",
                            Map.of("resourcemanager", "pekko.tcp://flink@127.0.0.1:1/user/rpc/x")));
            return jobManager;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean gateIsOpen() {
        grant = call("gate", Map.of("jm", id, "epoch", 0));
        return grant.path("answer").asText().equals("OPEN");
    }

    public String id() {
        return id;
    }

    public String token() {
        return token;
    }

    public long epoch() {
        return grant.path("epoch").asLong();
    }

    /** As a running job does at each checkpoint: asks for the gate, then has it recorded. */
    public void completeCheckpoint(long id) {
        call("gate", Map.of("jm", id(), "epoch", epoch()));
        Map<String, Object> head = new HashMap<>(Map.of("jm", id(), "epoch", epoch()));
        if (id % RESERVED == 1) {
            head.put("reservedTo", id);
            head.put("count", RESERVED);
            call("checkpoint-ids", head);
            head.keySet().removeAll(Set.of("reservedTo", "count"));
        }
        String path = "file:/checkpoints/chk-" + id;
        head.put("jobId", grant.path("plan").path("jobId").asText());
        head.put("maxRetained", 1);
        head.put(
                "checkpoint",
                Map.of(
                        "id", id,
                        "path", path,
                        "metadata", path + "/_metadata",
                        "metadataBytes", 4_096,
                        "timestamp", id,
                        "completedAt", id));
        call("checkpoints", head);
    }

    /** The control API's own document. */
    public String description() {
        return send(request("/v1/openapi.yaml").GET(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode call(String path, Map<String, Object> body) {
        HttpRequest.Builder request =
                request("/v1/" + path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)));
        return Json.read(send(request, HttpResponse.BodyHandlers.ofString()));
    }

    /** Stores a plan. Answers the sha256 that the agent says. */
    public String put(RandomBytes plan) {
        String answer =
                send(
                        plan("&name=job").PUT(HttpRequest.BodyPublishers.ofInputStream(plan::open)),
                        HttpResponse.BodyHandlers.ofString());
        return Json.read(answer).path("sha256").asText();
    }

    /** Reads the stored plan. Answers its sha256. */
    public String get() {
        InputStream body = send(plan("").GET(), HttpResponse.BodyHandlers.ofInputStream());
        return RandomBytes.sha256(body);
    }

    private HttpRequest.Builder plan(String more) {
        return request(
                "/v1/plans/%s?jm=%s&epoch=%d%s"
                        .formatted(grant.path("plan").path("jobId").asText(), id, epoch(), more));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(agent.resolve(path))
                .timeout(Duration.ofMinutes(5))
                .header("Authorization", "Bearer " + token);
    }

    private <T> T send(HttpRequest.Builder builder, HttpResponse.BodyHandler<T> handler) {
        HttpRequest request = builder.build();
        try {
            HttpResponse<T> answer = http.send(request, handler);
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(
                        "%s %s: %d"
                                .formatted(request.method(), request.uri(), answer.statusCode()));
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** To the agent, the JobManager is dead. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
