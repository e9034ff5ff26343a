package io.flinkha.lab.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.flinkha.lab.base.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** What the laboratory itself reads from the API server. */
public final class ApiClient {
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final int port;
    private final int countsPort;

    public ApiClient(int port, int countsPort) {
        this.port = port;
        this.countsPort = countsPort;
    }

    public List<RequestCounts.Count> counts() {
        return RequestCounts.parse(get(countsPort, "/counts").body());
    }

    public boolean answers() {
        try {
            return !counts().isEmpty()
                    || get(port, "/api/v1/namespaces/default/pods").body() != null;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** The manifest of a cluster; missing if there is none. */
    public JsonNode manifest(String clusterId) {
        JsonNode text =
                object("/api/v1/namespaces/default/configmaps/" + clusterId + "-flink-ha")
                        .path("data")
                        .path("manifest.json");
        return text.isMissingNode() ? text : Json.read(text.asText());
    }

    /** The epoch that a cluster's Lease confirms. */
    public long claimed(String clusterId) {
        return annotation(clusterId, "claimed").asLong();
    }

    /** Who can take a cluster's Lease over at once, {@code <pod name>/<pod UID>}; or empty. */
    public String standby(String clusterId) {
        return annotation(clusterId, "standby").asText();
    }

    /** Who has a cluster's Lease, {@code <pod name>/<pod UID>}; or empty. */
    public String holder(String clusterId) {
        return lease(clusterId).path("spec").path("holderIdentity").asText("");
    }

    private JsonNode annotation(String clusterId, String name) {
        return lease(clusterId).path("metadata").path("annotations").path("flinkha.io/" + name);
    }

    private JsonNode lease(String clusterId) {
        return object("/apis/coordination.k8s.io/v1/namespaces/default/leases/" + clusterId);
    }

    /** An object, by its path below the server's root; missing if there is none. */
    public JsonNode object(String path) {
        HttpResponse<String> answer = get(port, path);
        return answer.statusCode() == 200 ? Json.read(answer.body()) : MissingNode.getInstance();
    }

    /** Creates ({@code POST} to the collection) or changes ({@code PUT}) an object by hand. */
    public JsonNode write(String method, String path, JsonNode object) {
        HttpResponse<String> answer =
                send(
                        request(port, path)
                                .header("Content-Type", "application/json")
                                .method(
                                        method,
                                        HttpRequest.BodyPublishers.ofString(Json.write(object))));
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(method + " " + path + ": " + answer.body());
        }
        return Json.read(answer.body());
    }

    public void delete(String path) {
        send(request(port, path).DELETE());
    }

    private HttpResponse<String> get(int at, String path) {
        return send(request(at, path));
    }

    private static HttpRequest.Builder request(int at, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + path))
                .timeout(Duration.ofSeconds(5))
                .header("User-Agent", "laboratory");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
