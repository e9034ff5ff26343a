package io.flinkha.agent.adapter.admission;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.flinkha.agent.injection.Injection;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Injection INJECTION = new Injection("agent", "s3://bucket/ha", () -> true);

    private final Vertx vertx = Vertx.vertx();
    private int port;

    @BeforeEach
    void start() throws Exception {
        Router router = Router.router(vertx);
        new Webhook(INJECTION).mount(router);
        HttpServer server =
                vertx.createHttpServer()
                        .requestHandler(router)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
        port = server.actualPort();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static ObjectNode job(String label) throws Exception {
        return (ObjectNode)
                JSON.readTree(
                        """
                        {"apiVersion":"batch/v1","kind":"Job",
                         "metadata":{"name":"orders","labels":{"flinkha.io/inject":"%s"}},
                         "spec":{"template":{"spec":{"containers":[
                           {"name":"jm","args":["standalone-job","--job-classname","a.B"]}]}}}}
                        """
                                .formatted(label));
    }

    private ValidatableResponse ask(JsonNode object) {
        ObjectNode review = JSON.createObjectNode();
        review.putObject("request")
                .put("uid", "u-1")
                .put("namespace", "prod")
                .set("object", object);
        return given().port(port).body(review.toString()).post("/inject").then();
    }

    @Test
    void thePatchMakesTheInjectedJob() throws Exception {
        String patch =
                ask(job("true"))
                        .statusCode(200)
                        .body("apiVersion", equalTo("admission.k8s.io/v1"))
                        .body("response.uid", equalTo("u-1"))
                        .body("response.allowed", equalTo(true))
                        .body("response.patchType", equalTo("JSONPatch"))
                        .extract()
                        .path("response.patch");
        JsonNode patched =
                JsonPatch.apply(JSON.readTree(Base64.getDecoder().decode(patch)), job("true"));
        assertEquals(INJECTION.into(job("true")).job(), patched);
        ask(patched).body("response.allowed", equalTo(true)).body("response.patch", nullValue());
    }

    @Test
    void whatDoesNotAskForItPassesAsItIs() throws Exception {
        ask(job("false"))
                .body("response.allowed", equalTo(true))
                .body("response.patch", nullValue());
    }

    @Test
    void aRefusalIsASentence() throws Exception {
        ObjectNode job = job("true");
        ((ObjectNode) job.path("spec")).put("completions", 3);
        ask(job).statusCode(200)
                .body("response.allowed", equalTo(false))
                .body("response.status.code", equalTo(422))
                .body("response.status.message", containsString("spec.completions 3"));
    }

    @Test
    void whatIsNoReviewIsABadRequest() {
        for (String body : new String[] {"", "{", "[]", "{}", "{\"request\":{\"uid\":\"u\"}}"}) {
            given().port(port).body(body).post("/inject").then().statusCode(400);
        }
    }

    @Test
    void isReadyAsSoonAsItListens() {
        given().port(port).get("/ready").then().statusCode(200);
    }
}
