package io.flinkha.agent.adapter.jobmanager;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.port.Requests;
import io.flinkha.agent.port.Setting;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;

/** The routes of docs/PROTOCOL.md, on the loopback listener. */
public final class ControlApi {
    private static final long MAX_JSON_BYTES = 256 * 1024;

    private final Requests requests;
    private final PlanTransfer plans;
    private final Consumer<List<Setting>> settings;
    private final byte[] expectedAuthorization;

    /**
     * @param settings what a JobManager says with its registration; the agent decides nothing by it
     */
    public ControlApi(
            Requests requests, PlanTransfer plans, Consumer<List<Setting>> settings, String token) {
        this.requests = requests;
        this.plans = plans;
        this.settings = settings;
        this.expectedAuthorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    }

    public void mount(Router router) {
        router.route("/v1/*").handler(this::authorize);
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
        post(router, "/v1/leftovers", Wire::leftovers);
        post(router, "/v1/start-failed", Wire::startFailed);
        change(router, "/v1/checkpoints", Wire::addCheckpoint);
        change(router, "/v1/checkpoint-ids", Wire::reserveIds);
        change(router, "/v1/restored", Wire::recordRestore);
        change(router, "/v1/plan-rejected", Wire::rejectPlan);
        change(router, "/v1/savepoint", Wire::recordSavepoint);
        change(router, "/v1/collected", Wire::recordSweep);
        change(router, "/v1/result", Wire::recordResult);
        router.get("/v1/leader")
                .handler(context -> requests.ask(Event.LeaderAsked::new, answer(context)));
        router.put("/v1/plans/:job").handler(plans::put);
        router.get("/v1/plans/:job").handler(plans::get);
        router.delete("/v1/plans/:job").handler(this::dropPlan);
    }

    private void authorize(RoutingContext context) {
        String given = context.request().getHeader("Authorization");
        boolean right =
                given != null
                        && MessageDigest.isEqual(
                                given.getBytes(StandardCharsets.UTF_8), expectedAuthorization);
        if (right) {
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
        String where = "%s %s".formatted(context.request().method(), context.request().path());
        send(
                context,
                new Wire.Response(
                        400, new JsonObject().put("error", where + ": " + e.getMessage())));
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
