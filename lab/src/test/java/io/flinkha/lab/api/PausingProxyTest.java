package io.flinkha.lab.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.base.Json;
import io.flinkha.lab.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PausingProxyTest {
    private static final String MANIFEST = "/api/v1/namespaces/default/configmaps/x-flink-ha";
    private static final String LEASE = "/apis/coordination.k8s.io/v1/namespaces/default/leases/x";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newHttpClient();
    private final int apiPort = Ports.free();
    private final int countsPort = Ports.free();
    private final int proxyPort = Ports.free();
    private final ApiServer server;
    private final PausingProxy proxy;
    private final ApiClient api;

    PausingProxyTest() throws IOException {
        server = new ApiServer(apiPort, countsPort);
        proxy = new PausingProxy(proxyPort, apiPort, "x");
        api = new ApiClient(apiPort, countsPort);
    }

    @BeforeEach
    void createManifest() throws Exception {
        HttpResponse<String> created =
                send(proxyPort, "POST", "/api/v1/namespaces/default/configmaps", manifest(0, null));
        assertTrue(created.statusCode() < 300, created::body);
    }

    @AfterEach
    void close() {
        proxy.close();
        server.close();
    }

    @Test
    void holdsACommitBeforeTheApiServerSeesIt() throws Exception {
        CommitHold hold = proxy.holdNextCommit(CommitHold.Point.BEFORE);
        CompletableFuture<HttpResponse<String>> put = sendLater("PUT", MANIFEST, manifest(7, null));
        assertEquals(7, hold.await(LIMIT));
        assertEquals(0, api.manifest("x").path("checkpoints").path(0).path("id").asLong());
        assertFalse(put.isDone());
        hold.release();
        assertEquals(200, put.get(10, TimeUnit.SECONDS).statusCode());
        assertEquals(7, api.manifest("x").path("checkpoints").path(0).path("id").asLong());
    }

    @Test
    void holdsTheReplyOfACommitThatTheApiServerHasSeen() throws Exception {
        CommitHold hold = proxy.holdNextCommit(CommitHold.Point.AFTER);
        CompletableFuture<HttpResponse<String>> put = sendLater("PUT", MANIFEST, manifest(8, null));
        assertEquals(8, hold.await(LIMIT));
        assertEquals(8, api.manifest("x").path("checkpoints").path(0).path("id").asLong());
        assertFalse(put.isDone());
        hold.release();
        assertEquals(200, put.get(10, TimeUnit.SECONDS).statusCode());
    }

    @Test
    void letsAWriteWithoutANewCheckpointPass() throws Exception {
        send(proxyPort, "PUT", MANIFEST, manifest(5, null));
        CommitHold hold = proxy.holdNextCommit(CommitHold.Point.BEFORE);
        assertEquals(200, send(proxyPort, "PUT", MANIFEST, manifest(5, null)).statusCode());
        assertThrows(IllegalStateException.class, () -> hold.await(Duration.ofMillis(1)));
    }

    @Test
    void refusesWhileTheApiServerIsAway() throws Exception {
        proxy.refuse();
        assertThrows(IOException.class, () -> send(proxyPort, "GET", MANIFEST, ""));
        proxy.accept();
        assertEquals(200, send(proxyPort, "GET", MANIFEST, "").statusCode());
    }

    @Test
    void theApiServerRefusesAWriteToAnOldVersion() throws Exception {
        JsonNode first = Json.read(send(proxyPort, "GET", MANIFEST, "").body());
        String version = first.path("metadata").path("resourceVersion").asText();
        assertEquals(200, send(proxyPort, "PUT", MANIFEST, manifest(1, version)).statusCode());
        assertEquals(409, send(proxyPort, "PUT", MANIFEST, manifest(2, version)).statusCode());
    }

    @Test
    void countsByVerbObjectAndClient() throws Exception {
        send(proxyPort, "GET", LEASE, "");
        send(proxyPort, "GET", LEASE, "");
        RequestCounts.Count expected =
                new RequestCounts.Count("get", "leases", "x", "test-client", 2);
        assertTrue(api.counts().contains(expected), () -> api.counts().toString());
        assertTrue(proxy.counts().all().contains(expected));
    }

    private static String manifest(long checkpoint, @Nullable String version) {
        String text =
                checkpoint == 0
                        ? "{\"version\":1}"
                        : "{\"version\":1,\"checkpoints\":[{\"id\":" + checkpoint + "}]}";
        Map<String, Object> metadata =
                version == null
                        ? Map.of("name", "x-flink-ha", "namespace", "default")
                        : Map.of(
                                "name",
                                "x-flink-ha",
                                "namespace",
                                "default",
                                "resourceVersion",
                                version);
        return Json.write(
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "ConfigMap",
                        "metadata",
                        metadata,
                        "data",
                        Map.of("manifest.json", text)));
    }

    private HttpResponse<String> send(int port, String method, String path, String body)
            throws IOException, InterruptedException {
        return http.send(request(port, method, path, body), HttpResponse.BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> sendLater(
            String method, String path, String body) {
        return http.sendAsync(
                request(proxyPort, method, path, body), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(int port, String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(LIMIT)
                .header("User-Agent", "test-client")
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
