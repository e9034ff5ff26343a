package io.flinkha.agent.adapter.status;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkha.agent.contract.FakeAgentView;
import io.flinkha.agent.contract.OpenApiDocument;
import io.flinkha.agent.core.LeadingState;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.manifest.Manifest;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusPageTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Router router(State state) {
        Router router = Router.router(vertx);
        new StatusPage(new FakeAgentView(state, Duration.ZERO, false, 0, List.of())).mount(router);
        return router;
    }

    private String serve(State state) {
        HttpServer server =
                vertx.createHttpServer()
                        .requestHandler(router(state))
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
        return "http://127.0.0.1:" + server.actualPort();
    }

    @Test
    void theDocumentNamesWhatIsMounted() {
        OpenApiDocument document = OpenApiDocument.read("status");
        assertEquals(
                document.operations("/").stream()
                        .filter(operation -> !operation.contains(" /q/"))
                        .toList(),
                List.copyOf(OpenApiDocument.mountedOn(router(State.initial()))));
    }

    @Test
    void aLoadBalancerIsToldByTheStatus() {
        String leader = serve(LeadingState.of(Manifest.EMPTY));
        given().get(leader + "/leader").then().statusCode(200).body("leads", equalTo(true));
        String none = serve(State.initial());
        given().get(none + "/leader").then().statusCode(503).body("leads", equalTo(false));
        given().head(none + "/leader").then().statusCode(503).body(emptyString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/status", "/history", "/openapi.yaml"})
    void headAnswersLikeGetWithoutABody(String path) {
        String page = serve(State.initial());
        given().get(page + path).then().statusCode(200).body(not(emptyString()));
        given().head(page + path).then().statusCode(200).body(emptyString());
    }

    @Test
    void whatIsNotThereIsSaidInASentence() {
        String page = serve(State.initial());
        given().get(page + "/stats")
                .then()
                .statusCode(404)
                .contentType("application/json")
                .body("error", containsString("GET /stats: there is no such path"));
        given().post(page + "/status")
                .then()
                .statusCode(405)
                .header("Allow", "GET, HEAD")
                .body("error", containsString("read-only"));
        given().delete(page + "/q/metrics").then().statusCode(405);
    }
}
