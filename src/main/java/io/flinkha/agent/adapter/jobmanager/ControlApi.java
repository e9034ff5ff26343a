package io.flinkha.agent.adapter.jobmanager;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.port.Requests;
import io.flinkha.agent.port.Setting;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jboss.logging.Logger;

/** The routes of docs/PROTOCOL.md, on the loopback listener. */
public final class ControlApi {
    private static final Logger LOG = Logger.getLogger(ControlApi.class);
    private static final long MAX_JSON_BYTES = 256 * 1024;
    private static final String PLAN = "/v1/plans/:job";

    private final Requests requests;
    private final PlanTransfer plans;
    private final Consumer<List<Setting>> settings;
    private final Runnable disconnected;
    private final byte[] expectedAuthorization;

    /**
     * @param settings what a JobManager says with its registration; the agent decides nothing by it
     * @param disconnected a connection of somebody with the token is gone: perhaps the process is
     */
    public ControlApi(
            Requests requests,
            PlanTransfer plans,
            Consumer<List<Setting>> settings,
            Runnable disconnected,
            String token) {
        this.requests = requests;
        this.plans = plans;
        this.settings = settings;
        this.disconnected = disconnected;
        this.expectedAuthorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    }

    public void mount(Router router) {
        router.route("/v1/*").handler(this::authorize).failureHandler(ControlApi::failed);
        router.post("/v1/*").handler(BodyHandler.create(false).setBodyLimit(MAX_JSON_BYTES));
        post(
                router,
                "/v1/register",
                body -> {
                    LongFunction<Event> registered = Wire.register(body);
                    settings.accept(Wire.settings(body));
                    return registered;
                });
        post(router, "/v1/gate", Wire::gate);
        post(router, "/v1/publish", Wire::publish);
        post(router, "/v1/term", Wire::term);
        post(router, "/v1/leftovers", Wire::earlierRuns);
        post(router, "/v1/start-failed", Wire::startFailed);
        change(router, "/v1/checkpoints", Wire::addCheckpoint);
        change(router, "/v1/checkpoint-ids", Wire::reserveIds);
        change(router, "/v1/restored", Wire::recordRestore);
        change(router, "/v1/plan-rejected", Wire::rejectPlan);
        change(router, "/v1/savepoint", Wire::recordSavepoint);
        change(router, "/v1/collected", Wire::recordSweep);
        change(router, "/v1/result", Wire::recordResult);
        router.get("/v1/leader")
                .handler(context -> requests.ask(Event.AddressesAsked::new, answer(context)));
        only("GET", router, "/v1/leader");
        Buffer description = description();
        router.get("/v1/openapi.yaml")
                .handler(context -> {
                    var unused =
                            context.response()
                                    .putHeader("Content-Type", "application/yaml")
                                    .end(description);
                });
        only("GET", router, "/v1/openapi.yaml");
        router.put(PLAN).handler(plans::put);
        router.get(PLAN).handler(plans::get);
        router.delete(PLAN).handler(this::dropPlan);
        only("DELETE, GET, PUT", router, PLAN);
        router.route()
                .last()
                .handler(context ->
                        refuse(
                                context,
                                404,
                                "there is no such path: GET /v1/openapi.yaml names them all"));
    }

    private static Buffer description() {
        try (InputStream in = ControlApi.class.getResourceAsStream("/openapi/control.yaml")) {
            return Buffer.buffer(Objects.requireNonNull(in).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** After the routes of a path: what else is asked of it. */
    private static void only(String methods, Router router, String path) {
        router.route(path)
                .handler(context -> {
                    context.response().putHeader("Allow", methods);
                    refuse(context, 405, "use " + methods);
                });
    }

    /** What no route has answered, by a sentence too. */
    private static void failed(RoutingContext context) {
        switch (context.statusCode()) {
            case 413 ->
                    refuse(
                            context,
                            413,
                            "the body is longer than %d bytes".formatted(MAX_JSON_BYTES));
            case 400 -> refuse(context, 400, "the request is malformed: " + context.failure());
            default -> {
                LOG.errorf(
                        context.failure(),
                        "%s %s failed",
                        context.request().method(),
                        context.request().path());
                refuse(context, 500, "the agent failed, its log says why");
            }
        }
    }

    private static void refuse(RoutingContext context, int status, String sentence) {
        // A body may still be on its way; it is not read.
        context.response().putHeader("Connection", "close");
        String where = "%s %s".formatted(context.request().method(), context.request().path());
        send(
                context,
                new Wire.Response(status, new JsonObject().put("error", where + ": " + sentence)));
    }

    private void authorize(RoutingContext context) {
        String given = context.request().getHeader("Authorization");
        boolean right =
                given != null
                        && MessageDigest.isEqual(
                                given.getBytes(StandardCharsets.UTF_8), expectedAuthorization);
        if (right) {
            context.request().connection().closeHandler(closed -> disconnected.run());
            context.next();
        } else {
            // A body may still be on its way; it is not read.
            context.response().putHeader("Connection", "close");
            send(
                    context,
                    Wire.error(
                            401,
                            "UNAUTHORIZED",
                            "give the token from the run directory as Authorization: Bearer …"));
        }
    }

    private void post(
            Router router, String path, Function<JsonObject, LongFunction<Event>> toEvent) {
        router.post(path)
                .handler(context -> {
                    try {
                        requests.ask(toEvent.apply(body(context)), answer(context));
                    } catch (IllegalArgumentException e) {
                        badRequest(context, e);
                    }
                });
        only("POST", router, path);
    }

    private void change(Router router, String path, Function<JsonObject, Change> toChange) {
        post(router, path, body -> Wire.change(body, toChange.apply(body)));
    }

    private void dropPlan(RoutingContext context) {
        try {
            String job = context.pathParam("job");
            PlanTransfer.Caller caller = PlanTransfer.Caller.of(context);
            requests.ask(
                    id ->
                            new Event.ChangeOffered(
                                    id,
                                    caller.jm(),
                                    caller.epoch(),
                                    new Change.DropPlan(job, "the job is over")),
                    answer(context));
        } catch (IllegalArgumentException e) {
            badRequest(context, e);
        }
    }

    private static JsonObject body(RoutingContext context) {
        try {
            JsonObject body = context.body().asJsonObject();
            if (body != null) {
                return body;
            }
        } catch (DecodeException | ClassCastException e) {
            throw new IllegalArgumentException("the body is not a JSON object", e);
        }
        throw new IllegalArgumentException("the body is empty, a JSON object was expected");
    }

    /** Replies come on the loop's thread; they are sent on the connection's. */
    static Consumer<Reply> answer(RoutingContext context) {
        var thread = context.vertx().getOrCreateContext();
        return reply -> thread.runOnContext(ignored -> send(context, Wire.response(reply)));
    }

    static void badRequest(RoutingContext context, IllegalArgumentException e) {
        refuse(context, 400, String.valueOf(e.getMessage()));
    }

    static void send(RoutingContext context, Wire.Response answer) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        var unused =
                response.setStatusCode(answer.status())
                        .putHeader("Content-Type", "application/json")
                        .end(answer.body().toBuffer());
    }
}
