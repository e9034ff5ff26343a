package io.flinkha.harness.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.harness.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.streams.ReadStream;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Stands between an agent and the API server and can stop the world at one point: just before a
 * checkpoint's commit reaches the API server, or just after, before its reply does.
 */
public final class PausingProxy implements AutoCloseable {
    private static final String HELD = "held";

    private final Vertx vertx = Vertx.vertx();
    private final RequestCounts counts = new RequestCounts();
    private final HttpProxy proxy;
    private final int port;
    private final String manifest;
    private final AtomicReference<@Nullable CommitHold> next = new AtomicReference<>();
    private HttpServer server;
    private volatile long lastCheckpoint;

    /** Listens at {@code port} and forwards to {@code target}, both on this machine. */
    public PausingProxy(int port, int target, String clusterId) {
        this.port = port;
        this.manifest = clusterId + "-flink-ha";
        this.proxy = HttpProxy.reverseProxy(vertx.createHttpClient());
        proxy.origin(target, "127.0.0.1");
        proxy.addInterceptor(new Interceptor());
        this.server = listen();
    }

    public int port() {
        return port;
    }

    public RequestCounts counts() {
        return counts;
    }

    /** The next commit that adds a checkpoint is held at the given point. */
    public CommitHold holdNextCommit(CommitHold.Point point) {
        CommitHold hold = new CommitHold(point);
        next.set(hold);
        return hold;
    }

    /** From now on the API server is away: connections are cut and refused. */
    public void refuse() {
        join(server.close());
    }

    /** It is back, at the same port. */
    public void accept() {
        server = listen();
    }

    private HttpServer listen() {
        return join(vertx.createHttpServer().requestHandler(proxy).listen(port, "127.0.0.1"));
    }

    @Override
    public void close() {
        join(vertx.close());
    }

    private static <T> T join(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("The proxy does not do what it is told", e);
        }
    }

    /** The newest checkpoint that a manifest PUT carries; 0 if there is none. */
    static long newestCheckpoint(String configMap) {
        JsonNode text = Json.read(configMap).path("data").path("manifest.json");
        long newest = 0;
        if (text.isTextual()) {
            for (JsonNode checkpoint : Json.read(text.asText()).path("checkpoints")) {
                newest = Math.max(newest, checkpoint.path("id").asLong());
            }
        }
        return newest;
    }

    private final class Interceptor implements ProxyInterceptor {
        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            ProxyRequest request = context.request();
            ApiRequest asked = ApiRequest.of(request.getMethod().name(), request.getURI());
            String agent = request.headers().get("User-Agent");
            counts.add(asked, agent == null ? "" : agent);
            if (!asked.verb().equals("put") || !asked.name().equals(manifest)) {
                return context.sendRequest();
            }
            return wholeBody(request.getBody().stream())
                    .compose(body -> {
                        request.setBody(Body.body(body));
                        return forward(context, newestCheckpoint(body.toString()));
                    });
        }

        private Future<ProxyResponse> forward(ProxyContext context, long checkpoint) {
            boolean adds = checkpoint > lastCheckpoint;
            lastCheckpoint = Math.max(lastCheckpoint, checkpoint);
            CommitHold hold = adds ? next.getAndSet(null) : null;
            if (hold == null) {
                return context.sendRequest();
            }
            if (hold.point() == CommitHold.Point.BEFORE) {
                return hold.reached(checkpoint).compose(released -> context.sendRequest());
            }
            context.set(HELD, new Reply(hold, checkpoint));
            return context.sendRequest();
        }

        @Override
        public Future<Void> handleProxyResponse(ProxyContext context) {
            Reply reply = context.get(HELD, Reply.class);
            if (reply == null) {
                return context.sendResponse();
            }
            return reply.hold()
                    .reached(reply.checkpoint())
                    .compose(released -> context.sendResponse());
        }
    }

    private record Reply(CommitHold hold, long checkpoint) {}

    private static Future<Buffer> wholeBody(ReadStream<Buffer> stream) {
        Promise<Buffer> whole = Promise.promise();
        Buffer read = Buffer.buffer();
        stream.exceptionHandler(whole::tryFail);
        stream.endHandler(end -> whole.tryComplete(read));
        stream.handler(read::appendBuffer);
        stream.resume();
        return whole.future();
    }
}
