package io.flinkha.lab.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/** In the API server's place: the same answer to everything. */
public final class OddAnswers implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final int status;
    private final String body;

    /**
     * Listens at {@code port} of this machine.
     *
     * @param status 0 for no answer at all
     */
    public OddAnswers(int port, int status, String body) {
        this.status = status;
        this.body = body;
        var unused =
                HoldingProxy.join(
                        vertx.createHttpServer()
                                .requestHandler(this::answer)
                                .listen(port, "127.0.0.1"));
    }

    private void answer(HttpServerRequest request) {
        if (status > 0) {
            request.body().onComplete(read -> request.response().setStatusCode(status).end(body));
        }
    }

    @Override
    public void close() {
        HoldingProxy.join(vertx.close());
    }
}
