package io.flinkha.lab.experiment.failover;

import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.base.Json;
import io.flinkha.lab.local.LocalPod;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checkpoint calls that wait at a stopped agent's port, as a dying JobManager may leave them there.
 */
final class QueuedCalls {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<CompletableFuture<String>> answers = new ArrayList<>();
    private final LocalPod pod;
    private final String token;
    private final String jobManager;

    QueuedCalls(LocalPod pod) {
        this.pod = pod;
        this.token = text(pod, "token").trim();
        Matcher matcher = UUID.matcher(text(pod, "jm.lock"));
        if (!matcher.find()) {
            throw new IllegalStateException("jm.lock names no process");
        }
        this.jobManager = matcher.group();
    }

    private static String text(LocalPod pod, String file) {
        return Directories.text(pod.runDirectory().resolve(file));
    }

    /** One call; it is well-formed, and would be right if its epoch were not over. */
    void send(long epoch, String jobId, long id, String directory) {
        String path = directory + "/chk-" + id;
        Map<String, Object> checkpoint =
                Map.of(
                        "id",
                        id,
                        "path",
                        path,
                        "metadata",
                        path + "/_metadata",
                        "metadataBytes",
                        1,
                        "timestamp",
                        System.currentTimeMillis(),
                        "completedAt",
                        System.currentTimeMillis());
        Map<String, Object> body =
                Map.of(
                        "jm", jobManager,
                        "epoch", epoch,
                        "jobId", jobId,
                        "maxRetained", 1,
                        "checkpoint", checkpoint);
        answers.add(post("/v1/checkpoints", body));
    }

    /**
     * The control of the experiment: whether an agent that leads takes calls like these. Ids that
     * are reserved and never used do no harm; the JobManager's own call is answered with the same
     * block.
     */
    boolean acceptedWhileLeading(long epoch, long reservedTo) {
        String answer =
                post(
                                "/v1/checkpoint-ids",
                                Map.of(
                                        "jm", jobManager,
                                        "epoch", epoch,
                                        "reservedTo", reservedTo,
                                        "count", 64))
                        .join();
        Console.event("answer while it leads: " + answer);
        return answer.startsWith("200 ");
    }

    private CompletableFuture<String> post(String path, Map<String, Object> body) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + pod.controlPort() + path))
                        .timeout(Duration.ofMinutes(3))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
                        .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> answer.statusCode() + " " + answer.body())
                .exceptionally(e -> "no answer: " + e.getMessage());
    }

    int unanswered() {
        return (int) answers.stream().filter(answer -> !answer.isDone()).count();
    }

    /** What came back; a call that was never answered counts as such. */
    List<String> answers() {
        return answers.stream().map(answer -> answer.getNow("no answer yet")).toList();
    }
}
