package io.flinkha.harness.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.flinkha.harness.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** What the harness itself reads from the API server. */
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
        HttpResponse<String> answer =
                get(port, "/api/v1/namespaces/default/configmaps/" + clusterId + "-flink-ha");
        if (answer.statusCode() != 200) {
            return MissingNode.getInstance();
        }
        JsonNode text = Json.read(answer.body()).path("data").path("manifest.json");
        return text.isMissingNode() ? text : Json.read(text.asText());
    }

    private HttpResponse<String> get(int at, String path) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + path))
                            .timeout(Duration.ofSeconds(5))
                            .header("User-Agent", "harness")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
