package io.flinkha.lab.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.flinkha.lab.base.Json;
import io.flinkha.lab.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What a JobManager's own REST interface says. A JobManager that does not answer says nothing. */
public final class JobManagerRest {
    /** The state of the cluster's one job, and how many of its tasks run. */
    public record JobView(String id, String name, String state, int tasks, int running) {
        static final JobView NONE = new JobView("", "", "", 0, 0);

        public boolean allRunning() {
            return state.equals("RUNNING") && tasks > 0 && running == tasks;
        }
    }

    /** The checkpoints of a job; ids are 0 where there is none. */
    public record CheckpointView(
            long completed, long failed, long latest, long restored, boolean restoredSavepoint) {

        public OptionalLong restoredId() {
            return restored == 0 ? OptionalLong.empty() : OptionalLong.of(restored);
        }
    }

    private static final Duration CONNECT = Duration.ofSeconds(1);

    private final HttpClient http;
    private final int port;
    private final String address;

    public JobManagerRest(int port) {
        this(port, null);
    }

    /**
     * @param tls how it is asked, null for without
     */
    public JobManagerRest(int port, @Nullable SSLContext tls) {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT);
        this.http = tls == null ? builder.build() : builder.sslContext(tls).build();
        this.port = port;
        this.address = (tls == null ? "http" : "https") + "://127.0.0.1:" + port;
    }

    /** Whether the interface is there; without a leader it answers 503 to all questions. */
    public boolean answers() {
        return Ports.answers(port);
    }

    public JobView job() {
        JsonNode jobs = get("/jobs/overview").path("jobs");
        if (jobs.isEmpty()) {
            return JobView.NONE;
        }
        JsonNode job = jobs.get(0);
        return new JobView(
                job.path("jid").asText(),
                job.path("name").asText(),
                job.path("state").asText(),
                job.path("tasks").path("total").asInt(),
                job.path("tasks").path("running").asInt());
    }

    public int jobs() {
        return get("/jobs/overview").path("jobs").size();
    }

    public CheckpointView checkpoints() {
        JsonNode all = get("/jobs/" + job().id() + "/checkpoints");
        JsonNode restored = all.path("latest").path("restored");
        return new CheckpointView(
                all.path("counts").path("completed").asLong(),
                all.path("counts").path("failed").asLong(),
                all.path("latest").path("completed").path("id").asLong(),
                restored.path("id").asLong(),
                restored.path("is_savepoint").asBoolean());
    }

    /** Whether the job is being stopped with a savepoint that is not complete yet. */
    public boolean isStopping() {
        JsonNode youngest = get("/jobs/" + job().id() + "/checkpoints").path("history").path(0);
        return youngest.path("checkpoint_type").asText().equals("SYNC_SAVEPOINT")
                && youngest.path("status").asText().equals("IN_PROGRESS");
    }

    /** The most bytes of in-flight data that a checkpoint of this JobManager's has persisted. */
    public long mostInFlightBytes() {
        return get("/jobs/" + job().id() + "/checkpoints")
                .path("summary")
                .path("persisted_data")
                .path("max")
                .asLong();
    }

    /** Begins a canonical savepoint, after which the job runs on. */
    public String triggerSavepoint(String job, Path target) {
        String body =
                Json.write(
                        Map.of(
                                "target-directory",
                                target.toUri().toString(),
                                "cancel-job",
                                false,
                                "formatType",
                                "CANONICAL"));
        return post("/jobs/" + job + "/savepoints", body);
    }

    public void cancel() {
        send(
                HttpRequest.newBuilder(URI.create(address + "/jobs/" + job().id() + "?mode=cancel"))
                        .method("PATCH", HttpRequest.BodyPublishers.noBody()));
    }

    /** Begins to stop the job; {@link #savepoint} tells what comes of it. */
    public String stopWithSavepoint(String job) {
        return post("/jobs/" + job + "/stop", "{\"drain\":false}");
    }

    /** Asks the adaptive scheduler for that parallelism of all operators. */
    public void rescale(int parallelism) {
        String path = "/jobs/" + job().id() + "/resource-requirements";
        Map<String, Object> wanted = new HashMap<>();
        get(path)
                .fieldNames()
                .forEachRemaining(vertex ->
                        wanted.put(
                                vertex,
                                Map.of(
                                        "parallelism",
                                        Map.of("lowerBound", 1, "upperBound", parallelism))));
        send(
                HttpRequest.newBuilder(URI.create(address + path))
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(Json.write(wanted))));
    }

    private String post(String path, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        return send(request).path("request-id").asText();
    }

    /** The path of a savepoint; empty while it is being taken. */
    public String savepoint(String job, String request) {
        return get("/jobs/" + job + "/savepoints/" + request)
                .path("operation")
                .path("location")
                .asText("");
    }

    private JsonNode get(String path) {
        return send(HttpRequest.newBuilder(URI.create(address + path)));
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer =
                    http.send(
                            request.timeout(Duration.ofSeconds(5)).build(),
                            HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() < 300 && !answer.body().isBlank()
                    ? Json.read(answer.body())
                    : MissingNode.getInstance();
        } catch (IOException e) {
            return MissingNode.getInstance();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
