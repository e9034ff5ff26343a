package io.flinkha.agent.adapter.jobmanager;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.adapter.storage.BlobPlanStore;
import io.flinkha.agent.contract.FakeBlobStore;
import io.flinkha.agent.contract.OpenApiDocument;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.port.PlanStore;
import io.flinkha.agent.port.Requests;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the control API makes of calls that no JobManager would send. */
class ControlApiTest {
    private static final String HEAD = "\"jm\":\"x\",\"epoch\":1";

    private final Vertx vertx = Vertx.vertx();
    private final List<Event> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch disconnected = new CountDownLatch(1);
    private final Requests requests =
            (request, caller) -> {
                asked.add(request.apply(1));
                caller.accept(new Reply.Done());
            };

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Router router() {
        Router router = Router.router(vertx);
        PlanStore plans = new BlobPlanStore(new FakeBlobStore());
        new ControlApi(
                        requests,
                        new PlanTransfer(vertx, plans, requests),
                        settings -> {},
                        disconnected::countDown,
                        "t")
                .mount(router);
        return router;
    }

    private RequestSpecification call() {
        HttpServer server =
                vertx.createHttpServer()
                        .requestHandler(router())
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
        return given().baseUri("http://127.0.0.1:" + server.actualPort())
                .header("Authorization", "Bearer t");
    }

    @Test
    void theDocumentNamesWhatIsMounted() {
        assertEquals(
                OpenApiDocument.read("control").operations("/"),
                OpenApiDocument.mountedOn(router()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "checkpoints     | ,\"jobId\":\"j\",\"maxRetained\":4294967296,\"checkpoint\":{} | 'maxRetained' must be from 1",
                "checkpoint-ids  | ,\"reservedTo\":1,\"count\":0                  | 'count' must be from 1",
                "checkpoint-ids  | ,\"reservedTo\":1.5,\"count\":1                | 'reservedTo' must be a whole number",
                "result          | ,\"jobId\":\"j\",\"status\":\"DONE\"           | 'status' must be one of [FINISHED, FAILED, CANCELED]",
                "result          | ,\"jobId\":\"j\",\"status\":\"FAILED\",\"cause\":7 | 'cause' must be a text",
                "result          | ,\"jobId\":\"j\",\"status\":\"FAILED\",\"discards\":\"yes\" | 'discards' must be true or false",
                "collected       | ,\"jobIds\":[7]                                | 'jobIds' must be a list of texts",
                "publish         | ,\"leaders\":{\"a b\":\"x\"}                   | component 'a b'",
                "gate            | ,\"epoch\":-1                                  | 'epoch' must be from 0",
                "gate            | ,\"epoch\":1000000000000000000                 | 'epoch' must be from 0",
                "gate            | ,\"epoch\":1,\"hung\":7                          | 'hung' must be a text",
                "gate            | ,\"epoch\":1,\"progressMillis\":-1               | 'progressMillis' must be from 0"
            })
    void oneSentenceSaysWhatIsWrong(String path, String rest, String sentence) {
        call().body("{" + HEAD + rest + "}")
                .post("/v1/" + path)
                .then()
                .statusCode(400)
                .contentType("application/json")
                .body("error", containsString("POST /v1/" + path + ": field "))
                .body("error", containsString(sentence));
        assertEquals(List.of(), asked);
    }

    @Test
    void somebodyWhoseConnectionEndsMayBeDead() throws InterruptedException {
        call().header("Connection", "close")
                .body("{" + HEAD + "}")
                .post("/v1/gate")
                .then()
                .statusCode(200);
        assertTrue(disconnected.await(1, TimeUnit.MINUTES));
    }

    @Test
    void aWholeNumberIsOneHoweverItIsWritten() {
        call().body("{\"jm\":\"x\",\"epoch\":1.0,\"reservedTo\":1e3,\"count\":1}")
                .post("/v1/checkpoint-ids")
                .then()
                .statusCode(200);
        assertTrue(asked.getFirst().toString().contains("reservedTo=1000"), asked::toString);
    }

    @ParameterizedTest
    @CsvSource({"jm=&epoch=1", "jm=x&epoch=", "jm=x&epoch=%D9%A1", "jm=x&epoch=-1", "epoch=1"})
    void theCallerOfAPlanIsNamedInTheQuery(String query) {
        call().urlEncodingEnabled(false)
                .get("/v1/plans/abc?" + query)
                .then()
                .statusCode(400)
                .body("error", containsString("GET /v1/plans/abc: "));
    }

    @Test
    void aTextThatWasCutAmidACharacterIsTaken() {
        call().body(
                        "{"
                                + HEAD
                                + ",\"jobId\":\"j\",\"status\":\"FAILED\",\"cause\":\"boom \\ud83d\"}")
                .post("/v1/result")
                .then()
                .statusCode(200);
        assertTrue(asked.getFirst().toString().contains("boom ?"), asked::toString);
    }

    @Test
    void whatIsNotThereIsSaidInASentence() {
        RequestSpecification call = call();
        given().spec(call)
                .delete("/v1/gate")
                .then()
                .statusCode(405)
                .header("Allow", "POST")
                .body("error", containsString("DELETE /v1/gate: use POST"));
        given().spec(call)
                .get("/v1/gates")
                .then()
                .statusCode(404)
                .body("error", containsString("GET /v1/gates: there is no such path"));
        given().spec(call)
                .body("x".repeat(300_000))
                .post("/v1/gate")
                .then()
                .statusCode(413)
                .body("error", containsString("longer than 262144 bytes"));
    }
}
