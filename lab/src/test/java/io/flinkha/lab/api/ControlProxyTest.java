package io.flinkha.lab.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flinkha.lab.process.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControlProxyTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String FIRST_POLL = "{\"jm\":\"x\",\"epoch\":0}";

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final HttpServer agent;
    private final ControlProxy proxy;
    private volatile String answer = "{\"answer\":\"OK\"}";

    ControlProxyTest() throws IOException {
        agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.createContext("/", this::handle);
        agent.start();
        proxy = new ControlProxy(Ports.free(), agent.getAddress().getPort());
    }

    @AfterEach
    void close() {
        proxy.close();
        agent.stop(0);
    }

    @Test
    void holdsACallBeforeTheAgentHearsIt() throws Exception {
        CommitHold hold = proxy.holdNext(ControlMessage.RESULT, CommitHold.Point.BEFORE);
        CompletableFuture<HttpResponse<String>> call = post("/v1/result", "{}");
        hold.await(LIMIT);
        assertEquals(List.of(), heard);
        hold.release();
        assertEquals(200, call.get(10, TimeUnit.SECONDS).statusCode());
        assertEquals(List.of("POST /v1/result {}"), heard);
    }

    @Test
    void losesACallThatItWasToldToDrop() throws Exception {
        CommitHold hold = proxy.holdNext(ControlMessage.RESULT, CommitHold.Point.BEFORE);
        CompletableFuture<HttpResponse<String>> call = post("/v1/result", "{}");
        hold.await(LIMIT);
        hold.drop();
        ExecutionException cut =
                assertThrows(ExecutionException.class, () -> call.get(10, TimeUnit.SECONDS));
        assertInstanceOf(
                IOException.class, cut.getCause(), "a proxy's answer is no cut connection");
        assertEquals(List.of(), heard);
    }

    @Test
    void holdsTheReplyOfACallThatTheAgentHeard() throws Exception {
        CommitHold hold = proxy.holdNext(ControlMessage.CHECKPOINTS, CommitHold.Point.AFTER);
        post("/v1/checkpoint-ids", "{}").get(10, TimeUnit.SECONDS);
        CompletableFuture<HttpResponse<String>> call = post("/v1/checkpoints", "{}");
        hold.await(LIMIT);
        assertEquals(2, heard.size());
        assertFalse(call.isDone());
        hold.release();
        assertEquals(200, call.get(10, TimeUnit.SECONDS).statusCode());
    }

    @Test
    void waitsForThePollThatIsAnsweredWithOpen() throws Exception {
        CommitHold hold = proxy.holdNext(ControlMessage.GATE_OPEN, CommitHold.Point.AFTER);
        answer = "{\"answer\":\"WAIT\"}";
        assertEquals(answer, post("/v1/gate", FIRST_POLL).get(10, TimeUnit.SECONDS).body());
        answer = "{\"answer\":\"OPEN\",\"epoch\":7}";
        CompletableFuture<HttpResponse<String>> call = post("/v1/gate", FIRST_POLL);
        hold.await(LIMIT);
        assertFalse(call.isDone());
        hold.release();
        assertEquals(answer, call.get(10, TimeUnit.SECONDS).body());
    }

    @Test
    void aPollWithAnEpochIsNotTheFirst() throws Exception {
        CommitHold hold = proxy.holdNext(ControlMessage.GATE_FIRST, CommitHold.Point.BEFORE);
        post("/v1/gate", "{\"jm\":\"x\",\"epoch\":3}").get(10, TimeUnit.SECONDS);
        assertThrows(IllegalStateException.class, () -> hold.await(Duration.ofMillis(1)));
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        heard.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
        byte[] reply = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, reply.length);
        exchange.getResponseBody().write(reply);
        exchange.close();
    }

    private CompletableFuture<HttpResponse<String>> post(String path, String body) {
        return http.sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port() + path))
                        .timeout(LIMIT)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
