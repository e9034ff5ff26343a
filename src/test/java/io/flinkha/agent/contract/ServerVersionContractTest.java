package io.flinkha.agent.contract;

import static io.flinkha.agent.contract.LeaseStoreContractTest.failure;
import static io.flinkha.agent.contract.LeaseStoreContractTest.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.flinkha.agent.adapter.kubernetes.ApiServer;
import io.flinkha.agent.adapter.kubernetes.KubernetesServerVersion;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.port.Result;
import io.flinkha.agent.port.ServerVersion;
import io.flinkha.agent.port.ServerVersion.Release;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerVersionContractTest {
    private static final String PROXYS = "<html>what a proxy says</html>";

    private final Vertx vertx = Vertx.vertx();
    private int port;
    private int status = 200;
    private @Nullable String body;

    @BeforeEach
    void start() throws Exception {
        HttpServer server =
                vertx.createHttpServer()
                        .requestHandler(this::answer)
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

    /** Nothing, where there is no body. */
    private void answer(HttpServerRequest request) {
        assertEquals("/version", request.path());
        String said = body;
        if (said != null) {
            var unused = request.response().setStatusCode(status).end(said);
        }
    }

    private ServerVersion overHttp(int at, int timeoutMillis) {
        Config config =
                new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:%d/".formatted(at))
                        .withRequestRetryBackoffLimit(0)
                        .withRequestTimeout(timeoutMillis)
                        .build();
        return new KubernetesServerVersion(ApiServer.of(config, vertx));
    }

    private Result<Release> overHttp() {
        return overHttp(port, 10_000).read();
    }

    private void says(int code, String answer) {
        status = code;
        body = answer;
    }

    @Test
    void aReleaseIsRead() {
        Release release = new Release(1, 35);
        FakeServerVersion fake = new FakeServerVersion();
        fake.say(release);
        says(200, "{\"major\":\"1\",\"minor\":\"35\",\"gitVersion\":\"v1.35.4\"}");
        assertEquals(release, ok(fake.read()));
        assertEquals(release, ok(overHttp()));
    }

    @Test
    void aRefusalIsAFailure() {
        FakeServerVersion fake = new FakeServerVersion();
        fake.fail(Outcome.FORBIDDEN, "403 forbidden: User cannot get path \"/version\"");
        says(403, "{\"message\":\"forbidden: User cannot get path \\\"/version\\\"\"}");
        assertEquals(fake.read(), overHttp());
    }

    @Test
    void nobodyListens() {
        FakeServerVersion fake = new FakeServerVersion();
        assertEquals(Outcome.UNREACHABLE, failure(fake.read()));
        assertEquals(Outcome.UNREACHABLE, failure(overHttp(1, 10_000).read()));
    }

    @Test
    void nobodyAnswers() {
        assertEquals(Outcome.UNKNOWN, failure(overHttp(port, 100).read()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PROXYS,
                "",
                "[]",
                "{}",
                "{\"major\":\"1\"}",
                "{\"major\":null,\"minor\":null,\"gitVersion\":null}",
                "{\"major\":\"\",\"minor\":\"\",\"gitVersion\":\"v0.0.0-master+$Format:%H$x\"}x",
                "{\"major\":\"one\",\"minor\":\"35\",\"gitVersion\":\"35\"}",
                "{\"major\":\"1\",\"minor\":\"99999999999\"}",
                "{\"gitVersion\":{\"major\":1}}"
            })
    void whatSaysNoVersionIsAFailure(String said) {
        says(200, said);
        assertEquals(Outcome.UNKNOWN, failure(overHttp()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1.34; {'major':'1','minor':'34','gitVersion':'v1.34.1'}",
                "1.29; {'major':'1','minor':'29+','gitVersion':'v1.29.9-eks-a737599'}",
                "1.37; {'gitVersion':'v1.37.2'}",
                "1.37; {'major':'','minor':'','gitVersion':'v1.37.2+k3s1'}",
                "1.35; {'major':1,'minor':35}",
                "1.34; {'major':'1','minor':'35','emulationMajor':'1','emulationMinor':'34'}",
                "2.0; {'major':'2','minor':'0'}"
            })
    void itIsReadHoweverItIsWritten(String release, String said) {
        says(200, said.replace('\'', '"'));
        assertEquals(release, ok(overHttp()).toString());
    }

    static List<ServerVersion> realOnes() {
        String kubeconfig = System.getenv("KUBECONFIG");
        return kubeconfig == null || kubeconfig.isBlank()
                ? List.of()
                : List.of(
                        new KubernetesServerVersion(
                                ApiServer.of(Config.autoConfigure(null), Vertx.vertx())));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("realOnes")
    void aRealOneIsOldEnoughForTheAgent(ServerVersion real) {
        Release release = ok(real.read());
        assertTrue(release.isAtLeast(new Release(1, 29)), release::toString);
    }
}
