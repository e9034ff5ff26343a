package io.flinkha.flink.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** An agent that answers OK to all calls, unless a test teaches it another answer. */
public final class FakeAgent implements AutoCloseable {
    public static final ObjectMapper JSON = new ObjectMapper();

    /** One call that arrived. */
    public static final class Call {
        public final String method;
        public final String path;
        public final byte[] body;

        public Call(String method, String path, byte[] body) {
            this.method = method;
            this.path = path;
            this.body = body;
        }

        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** An answer; status 0 breaks the connection. */
    public static final class Answer {
        public final int status;
        public final byte[] body;

        public Answer(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }
    }

    /** Answers one call. */
    public interface Responder {
        Answer answer(Call call);
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Responder> responders = new ConcurrentHashMap<>();
    private final CountDownLatch speaking = new CountDownLatch(1);
    private volatile @Nullable String token;

    public FakeAgent() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        on(
                "/v1/checkpoint-ids",
                call ->
                        ok(
                                "{\"reservedTo\":"
                                        + (call.json().path("reservedTo").asLong()
                                                + call.json().path("count").asLong())
                                        + "}"));
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public void requireToken(String required) {
        token = required;
    }

    public void on(String path, Responder responder) {
        responders.put(path, responder);
    }

    /** Answers the first call with one thing and all later ones with another. */
    public void onFirst(String path, Answer first, Answer later) {
        on(path, call -> calls(path).size() == 1 ? first : later);
    }

    /** Keeps all who ask there waiting until {@link #speak}. */
    public void silence(String path, Answer later) {
        on(
                path,
                call -> {
                    try {
                        speaking.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return later;
                });
    }

    public void speak() {
        speaking.countDown();
    }

    public List<Call> calls(String path) {
        return calls.stream()
                .filter(call -> call.path.startsWith(path))
                .collect(Collectors.toList());
    }

    /** Waits until so many have come there. */
    public void awaitCalls(String path, long number) {
        synchronized (calls) {
            while (calls(path).size() < number) {
                try {
                    calls.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    public static Answer ok() {
        return ok("{\"answer\":\"OK\"}");
    }

    public static Answer ok(String json) {
        return of(200, json);
    }

    public static Answer of(int status, String json) {
        return new Answer(status, json.getBytes(StandardCharsets.UTF_8));
    }

    public static Answer fenced() {
        return of(409, "{\"error\":\"FENCED\",\"reason\":\"epoch 8 leads\"}");
    }

    public static Answer refused() {
        return of(409, "{\"error\":\"REFUSED\",\"reason\":\"another path\"}");
    }

    public static Answer unavailable() {
        return of(503, "{\"error\":\"UNAVAILABLE\",\"reason\":\"no answer\"}");
    }

    public static Answer broken() {
        return new Answer(0, new byte[0]);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().toString();
            String required = token;
            Answer answer;
            if (required != null
                    && !("Bearer " + required)
                            .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                answer = of(401, "{\"error\":\"token\"}");
            } else {
                Call call = new Call(exchange.getRequestMethod(), path, body);
                synchronized (calls) {
                    calls.add(call);
                    calls.notifyAll();
                }
                answer = responder(path).answer(call);
            }
            if (answer.status == 0) {
                return;
            }
            exchange.sendResponseHeaders(answer.status, answer.body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer.body);
            }
        } finally {
            exchange.close();
        }
    }

    private Responder responder(String path) {
        return responders.entrySet().stream()
                .filter(entry -> path.startsWith(entry.getKey()))
                .max(Comparator.comparingInt(entry -> entry.getKey().length()))
                .map(Map.Entry::getValue)
                .orElse(call -> ok());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
