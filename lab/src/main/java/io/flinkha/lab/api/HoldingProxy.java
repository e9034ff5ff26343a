package io.flinkha.lab.api;

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
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A proxy on the loopback interface that can hold a message, or the reply to it. */
final class HoldingProxy implements AutoCloseable {
    private static final String HELD = "held";

    /** A client that dies over its call is no event here. A static field keeps the level. */
    private static final Logger CONNECTIONS = Logger.getLogger("io.vertx");

    /** What passes, as the owner of the proxy sees it. */
    record Message(String method, String uri, String userAgent, String body) {}

    /** A hold that is meant for a message, and the checkpoint in it. */
    record Match(CommitHold hold, long checkpoint) {}

    /** What the owner of the proxy knows about the messages. */
    interface Traffic {
        /** Whether a request's body tells more than its path does. */
        boolean readsBody(String method, String uri);

        /** The hold that is meant for this request or its reply; a hold is handed out once. */
        @Nullable Match match(Message message);

        /** The message goes on to its receiver. */
        void forwarded(Message message);

        /** Whether this is the reply that was meant. If not, the hold waits for another one. */
        boolean meant(Match match, String reply);

        /** Whether the replies have to be read for that. */
        boolean readsReply(Match match);
    }

    private final Vertx vertx = Vertx.vertx();
    private final HttpProxy proxy;
    private final int port;
    private final Traffic traffic;
    private HttpServer server;

    /** Listens at {@code port} and forwards to {@code target}, both on this machine. */
    HoldingProxy(int port, int target, Traffic traffic) {
        CONNECTIONS.setLevel(Level.OFF);
        this.port = port;
        this.traffic = traffic;
        this.proxy = HttpProxy.reverseProxy(vertx.createHttpClient());
        proxy.origin(target, "127.0.0.1");
        proxy.addInterceptor(new Interceptor());
        this.server = listen();
    }

    int port() {
        return port;
    }

    void refuse() {
        join(server.close());
    }

    void accept() {
        server = listen();
    }

    private HttpServer listen() {
        return join(vertx.createHttpServer().requestHandler(proxy).listen(port, "127.0.0.1"));
    }

    @Override
    public void close() {
        join(vertx.close());
    }

    static <T> T join(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("The proxy does not do what it is told", e);
        }
    }

    private final class Interceptor implements ProxyInterceptor {
        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            ProxyRequest request = context.request();
            String method = request.getMethod().name();
            if (!traffic.readsBody(method, request.getURI())) {
                return forward(context, message(request, ""));
            }
            return wholeBody(request.getBody().stream())
                    .compose(body -> {
                        request.setBody(Body.body(body));
                        return forward(context, message(request, body.toString()));
                    });
        }

        private Message message(ProxyRequest request, String body) {
            String agent = request.headers().get("User-Agent");
            return new Message(
                    request.getMethod().name(), request.getURI(), agent == null ? "" : agent, body);
        }

        private Future<ProxyResponse> forward(ProxyContext context, Message message) {
            Match match = traffic.match(message);
            if (match != null && match.hold().point() == CommitHold.Point.BEFORE) {
                // A body that nobody reads must not be lost while it waits.
                context.request().getBody().stream().pause();
                return untilReleased(context, match).compose(released -> send(context, message));
            }
            if (match != null) {
                context.set(HELD, match);
            }
            return send(context, message);
        }

        private Future<ProxyResponse> send(ProxyContext context, Message message) {
            traffic.forwarded(message);
            ProxyRequest request = context.request();
            // S3 signs it.
            request.setAuthority(request.proxiedRequest().authority());
            return context.sendRequest();
        }

        @Override
        public Future<Void> handleProxyResponse(ProxyContext context) {
            Match match = context.get(HELD, Match.class);
            if (match == null) {
                return context.sendResponse();
            }
            ProxyResponse response = context.response();
            if (!traffic.readsReply(match)) {
                return hold(context, match, "");
            }
            return wholeBody(response.getBody().stream())
                    .compose(body -> {
                        response.setBody(Body.body(body));
                        return hold(context, match, body.toString());
                    });
        }

        private Future<Void> hold(ProxyContext context, Match match, String reply) {
            if (!traffic.meant(match, reply)) {
                return context.sendResponse();
            }
            return untilReleased(context, match).compose(released -> context.sendResponse());
        }

        /** A sender that lives on must see a cut connection, not an answer of this proxy. */
        private Future<Void> untilReleased(ProxyContext context, Match match) {
            return match.hold()
                    .reached(match.checkpoint())
                    .recover(lost -> {
                        context.request().proxiedRequest().connection().close();
                        return Promise.<Void>promise().future();
                    });
        }
    }

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
