package io.flinkha.agent;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.flinkha.agent.contract.LockHolder;
import io.flinkha.agent.contract.MockApi;
import io.flinkha.agent.contract.OpenApiDocument;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as it ships, over its two listeners, from the outside. */
class AgentIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final JsonObject JOB_MANAGERS =
            new JsonObject()
                    .put("name", "execution.checkpointing.dir")
                    .put("value", "file:///mine")
                    .put("source", "set by the user");

    @TempDir static Path directory;

    private static final KubernetesMockServer API = MockApi.start();
    private static final int MANAGEMENT_PORT = AgentProcess.freePort();
    private static final int CONTROL_PORT = AgentProcess.freePort();

    private static KubernetesClient kubernetes;
    private static AgentProcess agent;
    private static Path runDir;
    private static URI storage;

    @BeforeAll
    static void start() throws IOException {
        kubernetes = API.createClient();
        runDir = Files.createDirectory(directory.resolve("run"));
        storage = Files.createDirectory(directory.resolve("storage")).toUri();
        agent =
                AgentProcess.start(
                        directory,
                        Map.of(
                                "KUBERNETES_MASTER",
                                "http://localhost:" + API.getPort(),
                                "FLINK_HA_CONTROL_PORT",
                                Integer.toString(CONTROL_PORT),
                                "FLINK_HA_MANAGEMENT_PORT",
                                Integer.toString(MANAGEMENT_PORT),
                                "FLINK_HA_CLUSTER_ID",
                                "test",
                                "FLINK_HA_NAMESPACE",
                                "default",
                                "FLINK_HA_POD_NAME",
                                "jm-0",
                                "FLINK_HA_POD_UID",
                                "u1",
                                "FLINK_HA_RUN_DIR",
                                runDir.toString(),
                                "FLINK_HA_STORAGE_URI",
                                storage.toString()));
        RestAssured.port = CONTROL_PORT;
        agent.await(AgentIT::isLive);
    }

    private static boolean isLive() {
        try {
            return given().get(management("/q/health/live")).statusCode() == 200
                    && Files.exists(runDir.resolve("token"));
        } catch (Exception e) {
            // REST-assured declares no exception and throws that of the socket.
            return false;
        }
    }

    @AfterAll
    static void stop() {
        agent.close();
        kubernetes.close();
        API.destroy();
        RestAssured.reset();
    }

    private static String management(String path) {
        return "http://localhost:" + MANAGEMENT_PORT + path;
    }

    private RequestSpecification call() throws IOException {
        return given().header(
                        "Authorization", "Bearer " + Files.readString(runDir.resolve("token")))
                .contentType(ContentType.JSON);
    }

    private JsonObject post(String path, JsonObject body) throws IOException {
        return new JsonObject(call().body(body.encode()).post(path).then().extract().asString());
    }

    @Test
    void refusesACallWithoutTheToken() {
        given().contentType(ContentType.JSON)
                .body("{}")
                .post("/v1/gate")
                .then()
                .statusCode(401)
                .body("reason", containsString("run directory"));
    }

    @Test
    void saysWhatIsWrongWithABody() throws IOException {
        for (String body :
                new String[] {"", "[]", "{", "{\"jm\":7}", "{\"jm\":\"x\",\"epoch\":1.5}"}) {
            call().body(body)
                    .post("/v1/gate")
                    .then()
                    .statusCode(400)
                    .body("error", containsString("POST /v1/gate"));
        }
        call().put("/v1/plans/abc").then().statusCode(400);
        // "There is none" is only for the process that this agent serves.
        call().get("/v1/plans/abc?jm=x&epoch=1").then().statusCode(anyOf(is(409), is(503)));
    }

    @Test
    void leadsAJobManagerFromItsRegistrationToItsResult() throws Exception {
        Process process = LockHolder.start(runDir.resolve("jm.lock"), "jm-1");
        try {
            JsonObject registration =
                    new JsonObject()
                            .put("jm", "jm-1")
                            .put("flink", "2.3.0")
                            .put("userCode", "abc")
                            .put("settings", new JsonArray().add(JOB_MANAGERS));
            assertEquals("WAIT", post("/v1/register", registration).getString("answer"));
            showsTheSettingsOfBothSides();
            JsonObject poll = new JsonObject().put("jm", "jm-1").put("epoch", 0);
            JsonObject open = until("OPEN", () -> postQuietly("/v1/gate", poll));
            assertEquals("FRESH", open.getJsonObject("plan").getString("kind"));
            assertTrue(open.getLong("remainingMillis") > 0);
            String job = open.getJsonObject("plan").getString("jobId");
            JsonObject head =
                    new JsonObject().put("jm", "jm-1").put("epoch", open.getLong("epoch"));

            publishes(head);
            storesAndReturnsAPlan(open.getLong("epoch"), job);
            acknowledgesACheckpointOnceItIsInTheManifest(head, job);
            mirrorsTheManifest();
            JsonObject result =
                    head.copy().put("jobId", job).put("status", "FAILED").put("cause", "boom");
            assertEquals("OK", post("/v1/result", result).getString("answer"));
            assertEquals("FAILED", manifest().getJsonObject("result").getString("status"));

            JsonObject stale = head.copy().put("epoch", open.getLong("epoch") - 1);
            call().body(stale.copy().put("reservedTo", 1).put("count", 64).encode())
                    .post("/v1/checkpoint-ids")
                    .then()
                    .statusCode(409)
                    .body("error", equalTo("FENCED"));
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    private void showsTheSettingsOfBothSides() {
        JsonPath status =
                given().get(management("/status"))
                        .then()
                        .statusCode(200)
                        .contentType(ContentType.JSON)
                        .extract()
                        .jsonPath();
        assertEquals("test", status.getString("clusterId"));
        assertEquals("default", status.getString("namespace"));
        assertEquals(
                storage.toString(),
                status.getString(
                        "settings.find { it.of == 'agent' && it.name == 'flink-ha.storage.uri' }.value"));
        assertEquals(
                List.of(JOB_MANAGERS.copy().put("of", "jobmanager").getMap()),
                status.getList("settings.findAll { it.of == 'jobmanager' }"));
    }

    private void publishes(JsonObject head) throws IOException {
        JsonObject leaders = new JsonObject().put("restserver", "http://10.0.0.1:8081");
        assertEquals(
                "OK", post("/v1/publish", head.copy().put("leaders", leaders)).getString("answer"));
        until(
                "there",
                () ->
                        new JsonObject()
                                .put(
                                        "answer",
                                        leaderAddresses().toString().contains("8081")
                                                ? "there"
                                                : ""));
        call().get("/v1/leader").then().body("leaders.restserver", equalTo("http://10.0.0.1:8081"));
    }

    private void storesAndReturnsAPlan(long epoch, String job) throws IOException {
        byte[] plan = new byte[3_000_000];
        new Random(7).nextBytes(plan);
        String query = "?jm=jm-1&epoch=" + epoch;
        JsonPath stored =
                call().contentType(ContentType.BINARY)
                        .body(plan)
                        .put("/v1/plans/" + job + query + "&name=count")
                        .then()
                        .statusCode(200)
                        .extract()
                        .jsonPath();
        assertEquals(plan.length, stored.getInt("bytes"));
        assertArrayEquals(
                plan, call().get("/v1/plans/" + job + query).then().extract().asByteArray());
        call().get("/v1/plans/another" + query).then().statusCode(404);
        assertEquals(
                stored.getString("sha256"), manifest().getJsonObject("plan").getString("sha256"));
    }

    private void acknowledgesACheckpointOnceItIsInTheManifest(JsonObject head, String job)
            throws IOException {
        assertEquals(
                65,
                post("/v1/checkpoint-ids", head.copy().put("reservedTo", 1).put("count", 64))
                        .getInteger("reservedTo"));
        JsonObject checkpoint =
                new JsonObject()
                        .put("id", 1)
                        .put("path", "file:/c/chk-1")
                        .put("metadata", "file:/c/chk-1/_metadata")
                        .put("metadataBytes", 10)
                        .put("timestamp", 1)
                        .put("completedAt", 2);
        JsonObject add =
                head.copy().put("jobId", job).put("maxRetained", 1).put("checkpoint", checkpoint);
        assertEquals("OK", post("/v1/checkpoints", add).getString("answer"));
        assertEquals(checkpoint, manifest().getJsonArray("checkpoints").getJsonObject(0));
        assertEquals("OK", post("/v1/checkpoints", add).getString("answer"));
        checkpoint.put("path", "file:/elsewhere/chk-1");
        call().body(add.encode())
                .post("/v1/checkpoints")
                .then()
                .statusCode(409)
                .body("error", equalTo("REFUSED"));
    }

    private void mirrorsTheManifest() {
        JsonObject committed = manifest();
        Path copy =
                Path.of(storage)
                        .resolve(
                                "default/test/manifests/%010d-%012d.json"
                                        .formatted(
                                                committed.getLong("epoch"),
                                                committed.getLong("sequence")));
        until("there", () -> new JsonObject().put("answer", Files.exists(copy) ? "there" : ""));
        try {
            assertEquals(committed, new JsonObject(Files.readString(copy)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void answersProbesAndMetricsOnTheManagementListener() {
        given().get(management("/q/health/live")).then().statusCode(200);
        until(
                "200",
                () ->
                        new JsonObject()
                                .put(
                                        "answer",
                                        given().get(management("/q/health/started")).statusCode()));
        given().get(management("/q/metrics"))
                .then()
                .statusCode(200)
                .body(containsString("flink_ha_agent_epoch"))
                .body(containsString("leader_election_master_status{name=\"test\""))
                .body(containsString("jvm_memory_used_bytes{area=\"heap\""));
        given().get("/q/health").then().statusCode(greaterThan(399));
    }

    @Test
    void ofItsProcessItShowsWhatItsDocumentSays() {
        ProcessMetrics metrics =
                ProcessMetrics.of(given().get(management("/q/metrics")).asString());
        assertEquals(List.of(), metrics.unknown());
        for (Pattern name : ProcessMetrics.missingNatively()) {
            assertEquals(!AgentProcess.isNative(), metrics.has(name), name + " in " + metrics);
        }
    }

    @Test
    void showsItselfAsItsDocumentSays() {
        OpenApiDocument document = OpenApiDocument.read("status");
        Map.of("/status", "Status", "/leader", "Leader", "/history", "History")
                .forEach((path, schema) -> {
                    String answer = given().get(management(path)).asString();
                    assertEquals(List.of(), document.misfits(schema, new JsonObject(answer)));
                });
        given().get(management("/openapi.yaml")).then().statusCode(200);
        given().get(management("/elsewhere")).then().statusCode(404).body("error", notNullValue());
        given().post(management("/q/metrics")).then().statusCode(405);
    }

    private JsonObject manifest() {
        return new JsonObject(
                kubernetes
                        .configMaps()
                        .inNamespace("default")
                        .withName("test-flink-ha")
                        .get()
                        .getData()
                        .get("manifest.json"));
    }

    private Map<String, String> leaderAddresses() {
        var map =
                kubernetes
                        .configMaps()
                        .inNamespace("default")
                        .withName("test-cluster-config-map")
                        .get();
        return map == null ? Map.of() : map.getData();
    }

    private JsonObject postQuietly(String path, JsonObject body) {
        try {
            return post(path, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonObject until(String answer, Supplier<JsonObject> question) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonObject last;
        do {
            last = question.get();
            if (answer.equals(String.valueOf(last.getValue("answer")))) {
                return last;
            }
            LockSupport.parkNanos(50_000_000);
        } while (System.nanoTime() < deadline);
        throw new AssertionError("expected " + answer + ", last was " + last);
    }
}
