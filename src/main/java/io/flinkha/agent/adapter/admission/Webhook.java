package io.flinkha.agent.adapter.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonDiff;
import io.flinkha.agent.injection.Injection;
import io.flinkha.agent.injection.NotInjectableException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * {@code POST /inject}, an AdmissionReview of {@code admission.k8s.io/v1}, and {@code GET /ready}.
 */
public final class Webhook {
    private static final Logger LOG = Logger.getLogger(Webhook.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An object is at most 1.5 MiB in the API server. */
    private static final long MAX_BYTES = 4 * 1024 * 1024;

    private static final int BAD_REQUEST = 400;
    private static final int UNPROCESSABLE = 422;

    private final Injection injection;

    public Webhook(Injection injection) {
        this.injection = injection;
    }

    public void mount(Router router) {
        router.get("/ready")
                .handler(context -> {
                    var unused = context.response().end("ready\n");
                });
        router.post("/inject").handler(BodyHandler.create(false).setBodyLimit(MAX_BYTES));
        router.post("/inject").handler(this::answer);
    }

    private void answer(RoutingContext context) {
        try {
            JsonNode review =
                    JSON.readTree(context.body().buffer() == null ? "" : context.body().asString());
            JsonNode request = review.path("request");
            if (request.path("uid").asText().isEmpty() || !request.path("object").isObject()) {
                context.response().setStatusCode(BAD_REQUEST);
                end(
                        context,
                        "text/plain",
                        "POST an AdmissionReview of admission.k8s.io/v1 with request.uid and request.object.\n");
                return;
            }
            end(context, "application/json", JSON.writeValueAsString(review(request)));
        } catch (JsonProcessingException e) {
            context.response().setStatusCode(BAD_REQUEST);
            end(context, "text/plain", "The body is not JSON: " + e.getOriginalMessage() + "\n");
        }
    }

    private static void end(RoutingContext context, String type, String body) {
        var unused = context.response().putHeader("Content-Type", type).end(body);
    }

    private ObjectNode review(JsonNode request) {
        ObjectNode review =
                JSON.createObjectNode()
                        .put("apiVersion", "admission.k8s.io/v1")
                        .put("kind", "AdmissionReview");
        ObjectNode response = review.putObject("response").put("uid", request.path("uid").asText());
        JsonNode given = request.path("object");
        String which =
                "%s/%s"
                        .formatted(
                                request.path("namespace").asText(),
                                given.path("metadata").path("name").asText());
        try {
            if (Injection.isAskedFor(given)) {
                JsonNode before = request.path("oldObject");
                patch(
                        response,
                        given,
                        before.isObject() ? injection.again(given, before) : injection.into(given),
                        which);
            }
            response.put("allowed", true);
        } catch (NotInjectableException e) {
            LOG.infof("Refused %s: %s", which, e.getMessage());
            response.put("allowed", false)
                    .putObject("status")
                    .put("code", UNPROCESSABLE)
                    .put("message", e.getMessage());
        }
        return review;
    }

    private static void patch(
            ObjectNode response, JsonNode given, Injection.Injected injected, String which) {
        JsonNode patch = JsonDiff.asJson(given, injected.job());
        List<String> warnings = injected.warnings();
        LOG.infof("%s: %d changes %s", which, patch.size(), warnings);
        if (!patch.isEmpty()) {
            response.put("patchType", "JSONPatch")
                    .put(
                            "patch",
                            Base64.getEncoder()
                                    .encodeToString(
                                            patch.toString().getBytes(StandardCharsets.UTF_8)));
        }
        warnings.forEach(response.putArray("warnings")::add);
    }
}
