package io.flinkha.agent.adapter.jobmanager;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.port.PlanStore;
import io.flinkha.agent.port.Requests;
import io.flinkha.agent.port.StorageFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Plan bodies between the JobManager and storage, in pieces: memory does not grow with the plan.
 */
public final class PlanTransfer {
    private static final Logger LOG = Logger.getLogger(PlanTransfer.class);
    private static final int CHUNK = 64 * 1024;

    /** Fewer digits than could be too many for a long. */
    private static final Pattern EPOCH = Pattern.compile("[0-9]{1,18}");

    private final Vertx vertx;
    private final PlanStore plans;
    private final Requests requests;

    public PlanTransfer(Vertx vertx, PlanStore plans, Requests requests) {
        this.vertx = vertx;
        this.plans = plans;
        this.requests = requests;
    }

    private static String inQuery(RoutingContext context, String name) {
        String value = context.request().getParam(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(
                    "give jm, epoch and, for a PUT, name in the query: %s is missing"
                            .formatted(name));
        }
        return value;
    }

    /** Who calls, by the query. */
    record Caller(String jm, long epoch) {
        static Caller of(RoutingContext context) {
            String jm = inQuery(context, "jm");
            String epoch = inQuery(context, "epoch");
            if (!EPOCH.matcher(epoch).matches()) {
                throw new IllegalArgumentException(
                        "epoch in the query must be a whole number, 0 or more");
            }
            return new Caller(jm, Long.parseLong(epoch));
        }
    }

    void put(RoutingContext context) {
        HttpServerRequest request = context.request();
        String job = context.pathParam("job");
        String name;
        Caller caller;
        try {
            caller = Caller.of(context);
            name = request.getParam("name");
            if (name == null) {
                throw new IllegalArgumentException("give the job's name in the query");
            }
        } catch (IllegalArgumentException e) {
            ControlApi.badRequest(context, e);
            return;
        }
        request.pause();
        vertx.executeBlocking(plans::create)
                .onFailure(e -> unavailable(context, e))
                .onSuccess(writer -> receive(context, caller, job, name, writer));
    }

    private void receive(
            RoutingContext context,
            Caller caller,
            String job,
            String name,
            PlanStore.Writer writer) {
        HttpServerRequest request = context.request();
        Upload upload = new Upload(vertx, request, writer);
        request.handler(upload::accept);
        request.exceptionHandler(upload::fail);
        request.endHandler(ended ->
                upload.finish()
                        .onFailure(e -> unavailable(context, e))
                        .onSuccess(ref -> record(context, caller, job, name, ref)));
        request.resume();
    }

    /** The reference is committed before the JobManager is told that its plan is safe. */
    private void record(
            RoutingContext context, Caller caller, String job, String name, PlanRef ref) {
        var thread = vertx.getOrCreateContext();
        requests.ask(
                id ->
                        new Event.ChangeOffered(
                                id,
                                caller.jm(),
                                caller.epoch(),
                                new Change.StorePlan(job, name, ref)),
                reply -> thread.runOnContext(ignored -> answer(context, ref, reply)));
    }

    private static void answer(RoutingContext context, PlanRef ref, Reply reply) {
        Wire.Response response =
                reply instanceof Reply.Done
                        ? new Wire.Response(
                                200,
                                new JsonObject()
                                        .put("sha256", ref.sha256())
                                        .put("bytes", ref.bytes()))
                        : Wire.response(reply);
        ControlApi.send(context, response);
    }

    void get(RoutingContext context) {
        Caller caller;
        try {
            caller = Caller.of(context);
        } catch (IllegalArgumentException e) {
            ControlApi.badRequest(context, e);
            return;
        }
        String job = context.pathParam("job");
        var thread = vertx.getOrCreateContext();
        requests.ask(
                id -> new Event.PlanAsked(id, caller.jm(), caller.epoch(), job),
                reply ->
                        thread.runOnContext(ignored -> {
                            if (reply instanceof Reply.StoredPlan found && found.plan() != null) {
                                send(context, found.plan());
                            } else {
                                ControlApi.send(context, Wire.response(reply));
                            }
                        }));
    }

    private void send(RoutingContext context, PlanRef ref) {
        vertx.executeBlocking(() -> plans.open(ref))
                .onFailure(e -> unavailable(context, e))
                .onSuccess(found -> {
                    if (found.isPresent()) {
                        context.response().putHeader("Content-Length", Long.toString(ref.bytes()));
                        sendNext(context.response(), found.get());
                    } else {
                        ControlApi.send(context, Wire.notFound("the stored plan is gone"));
                    }
                });
    }

    private void sendNext(HttpServerResponse response, InputStream in) {
        vertx.executeBlocking(() -> in.readNBytes(CHUNK))
                .onFailure(e -> abort(response, in, e))
                .onSuccess(chunk -> {
                    Future<Void> sent =
                            chunk.length == 0
                                    ? response.end()
                                    : response.write(Buffer.buffer(chunk));
                    sent.onFailure(e -> abort(response, in, e))
                            .onSuccess(done -> {
                                if (chunk.length == 0) {
                                    close(in);
                                } else {
                                    sendNext(response, in);
                                }
                            });
                });
    }

    /** The client sees a body shorter than its Content-Length, and a digest that does not fit. */
    private static void abort(HttpServerResponse response, InputStream in, Throwable cause) {
        LOG.warnf("A stored plan could not be sent: %s", StorageFailure.sentence(cause));
        close(in);
        response.reset();
    }

    private static void close(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            LOG.debug("closing a plan that was read", e);
        }
    }

    private static void unavailable(RoutingContext context, Throwable cause) {
        String sentence = StorageFailure.sentence(cause);
        LOG.warnf("The storage failed: %s", sentence);
        ControlApi.send(context, Wire.error(503, "UNAVAILABLE", "the storage failed: " + sentence));
    }

    /** One body on its way into storage; each piece is written before the next one is taken. */
    private static final class Upload {
        private final Vertx vertx;
        private final HttpServerRequest request;
        private final PlanStore.Writer writer;
        private Future<Void> last = Future.succeededFuture();

        Upload(Vertx vertx, HttpServerRequest request, PlanStore.Writer writer) {
            this.vertx = vertx;
            this.request = request;
            this.writer = writer;
        }

        void accept(Buffer piece) {
            request.pause();
            last =
                    last.compose(before ->
                                    vertx.<Void>executeBlocking(() -> {
                                        writer.write(piece.getBytes());
                                        return null;
                                    }))
                            .onComplete(written -> request.resume());
        }

        void fail(Throwable cause) {
            last = last.compose(before -> Future.failedFuture(cause));
            var unused = discard();
        }

        Future<PlanRef> finish() {
            return last.compose(before -> vertx.executeBlocking(writer::commit))
                    .onFailure(cause -> discard());
        }

        private Future<Void> discard() {
            return vertx.executeBlocking(() -> {
                writer.close();
                return null;
            });
        }
    }
}
