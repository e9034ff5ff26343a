package io.flinkha.lab.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.OriginRequestProvider;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;

/** Stands before an object store on this machine, and ails as stores and networks do. */
public final class AilingProxy implements AutoCloseable {
    private static final int SLOW_MILLIS = 2_000;
    private static final int PRECONDITION_FAILED = 412;

    private final Vertx vertx = Vertx.vertx();
    private final HttpProxy proxy;
    private final int port;
    private volatile Ailment ailment = Ailment.NONE;
    private volatile int target;
    private HttpServer server;

    /** What happens to each request. */
    public enum Ailment {
        NONE,
        /** It waits for 2 s. */
        SLOW,
        /** It gets no answer. */
        SILENT,
        /** The store asks for fewer of them. */
        SLOW_DOWN,
        /** It is carried out, and the connection breaks in the middle of the answer. */
        CUT,
        /** The bucket lies elsewhere. */
        WRONG_REGION,
        /** Deletion is not allowed. */
        NO_DELETE,
        /** A put is said to be done, whether there was one of that name or not. */
        CONDITION_IGNORED
    }

    public AilingProxy(int port, int target) {
        this.port = port;
        this.target = target;
        this.proxy = HttpProxy.reverseProxy(vertx.createHttpClient());
        proxy.origin(
                OriginRequestProvider.selector(context ->
                        Future.succeededFuture(
                                SocketAddress.inetSocketAddress(this.target, "127.0.0.1"))));
        proxy.addInterceptor(new Interceptor());
        this.server = listen();
    }

    public int port() {
        return port;
    }

    public void ail(Ailment how) {
        ailment = how;
    }

    /** Another server behind it, with other credentials. */
    public void target(int other) {
        target = other;
    }

    public void refuse() {
        HoldingProxy.join(server.close());
    }

    public void accept() {
        server = listen();
    }

    private HttpServer listen() {
        return HoldingProxy.join(
                vertx.createHttpServer().requestHandler(this::handle).listen(port, "127.0.0.1"));
    }

    private void handle(HttpServerRequest request) {
        switch (ailment) {
            case SLOW -> {
                request.pause();
                vertx.setTimer(SLOW_MILLIS, due -> proxy.handle(request));
            }
            case SILENT -> request.pause();
            case SLOW_DOWN -> error(request, 503, "SlowDown", "Please reduce your request rate.");
            case WRONG_REGION ->
                    error(
                            request,
                            400,
                            "AuthorizationHeaderMalformed",
                            "the region 'us-east-1' is wrong; expecting 'eu-central-1'");
            case NO_DELETE -> {
                if (request.method().equals(HttpMethod.DELETE)) {
                    error(
                            request,
                            403,
                            "AccessDenied",
                            "not authorized to perform: s3:DeleteObject");
                } else {
                    proxy.handle(request);
                }
            }
            default -> proxy.handle(request);
        }
    }

    private static void error(HttpServerRequest request, int status, String code, String said) {
        request.body()
                .onComplete(read ->
                        request.response()
                                .setStatusCode(status)
                                .putHeader("Content-Type", "application/xml")
                                .end(
                                        "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
                                                .formatted(code, said)));
    }

    private final class Interceptor implements ProxyInterceptor {
        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            // The name that was signed.
            context.request().setAuthority(context.request().proxiedRequest().authority());
            return context.sendRequest();
        }

        @Override
        public Future<Void> handleProxyResponse(ProxyContext context) {
            if (ailment == Ailment.CONDITION_IGNORED
                    && context.response().getStatusCode() == PRECONDITION_FAILED) {
                context.response().setStatusCode(200);
            }
            if (ailment != Ailment.CUT) {
                return context.sendResponse();
            }
            HttpServerRequest request = context.request().proxiedRequest();
            HttpServerResponse response = request.response();
            response.setStatusCode(context.response().getStatusCode());
            response.putHeader("Content-Length", "100");
            return response.write(Buffer.buffer("half of "))
                    .compose(sent -> request.connection().close());
        }
    }

    @Override
    public void close() {
        HoldingProxy.join(vertx.close());
    }
}
