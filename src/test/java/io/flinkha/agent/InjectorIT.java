package io.flinkha.agent;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.response.Response;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The webhook as it ships: TLS, many at once, a certificate that is exchanged, and restart rules,
 * since its API server says that it is new enough.
 */
class InjectorIT {
    private static final int REQUESTS = 400;
    private static final int AT_ONCE = 20;

    /** A call that is refused while the certificate is exchanged is sent again. */
    private static final int ATTEMPTS = 3;

    private static final int PORT = AgentProcess.freePort();
    private static final char[] PASSWORD = "secret".toCharArray();

    @TempDir static Path directory;

    private static final Vertx VERTX = Vertx.vertx();

    private static AgentProcess injector;

    @BeforeAll
    static void start() throws Exception {
        HttpServer api =
                VERTX.createHttpServer()
                        .requestHandler(request -> {
                            var unused =
                                    request.response().end("{\"major\":\"1\",\"minor\":\"35+\"}");
                        })
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
        Path tls = directory.resolve("tls");
        certificate(tls);
        injector =
                AgentProcess.start(
                        directory,
                        Map.of(
                                "KUBERNETES_MASTER",
                                "http://127.0.0.1:" + api.actualPort(),
                                "FLINK_HA_INJECTOR_PORT",
                                Integer.toString(PORT),
                                "FLINK_HA_MANAGEMENT_PORT",
                                Integer.toString(AgentProcess.freePort()),
                                "FLINK_HA_INJECTOR_TLS_DIR",
                                tls.toString(),
                                "FLINK_HA_INJECTOR_AGENT_IMAGE",
                                "agent",
                                "FLINK_HA_INJECTOR_STORAGE_URI",
                                "s3://bucket/ha"),
                        "injector");
        injector.await(InjectorIT::isReady);
    }

    @AfterAll
    static void stop() throws Exception {
        injector.close();
        VERTX.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static boolean isReady() {
        try {
            return given().relaxedHTTPSValidation().get(url("/ready")).statusCode() == 200;
        } catch (Exception e) {
            // REST-assured declares no exception and throws that of the socket.
            return false;
        }
    }

    private static String url(String path) {
        return "https://localhost:" + PORT + path;
    }

    /** A key of its own each time; both files at once, as a kubelet exchanges a Secret's. */
    private static void certificate(Path into) throws Exception {
        Path files = Files.createTempDirectory(directory, "secret");
        Path store = files.resolve("store");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "k",
                                "-keyalg",
                                "RSA",
                                "-dname",
                                "CN=localhost",
                                "-keystore",
                                store.toString(),
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                new String(PASSWORD))
                        .inheritIO()
                        .start();
        assertEquals(0, keytool.waitFor());
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        write(files.resolve("tls.key"), "PRIVATE KEY", keys.getKey("k", PASSWORD).getEncoded());
        write(files.resolve("tls.crt"), "CERTIFICATE", keys.getCertificate("k").getEncoded());
        Path next = Files.createSymbolicLink(directory.resolve("next"), files);
        Files.move(next, into, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void write(Path file, String what, byte[] der) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                        .formatted(what, Base64.getMimeEncoder().encodeToString(der), what));
    }

    private static String review(int number) {
        return """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u%d","namespace":"default",
         "object":{"apiVersion":"batch/v1","kind":"Job",
          "metadata":{"name":"orders-%d","labels":{"flinkha.io/inject":"true"}},
          "spec":{"template":{"spec":{"containers":[
            {"name":"jm","args":["standalone-job","--job-classname","a.B"]}]}}}}}}
        """
                .formatted(number, number);
    }

    /** Its profile is another than that of the native image's build, and is meant to be. */
    @Test
    void startsWithoutAWarning() {
        List<String> warnings =
                injector.log()
                        .lines()
                        .takeWhile(line -> !line.contains("Listening on"))
                        .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                        .toList();
        assertEquals(List.of(), warnings);
        assertTrue(injector.log().contains("Profile injector activated"), injector.log());
    }

    @Test
    void answersEachOfManyThatCallAtOnce() throws Exception {
        try (ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<String>> answers =
                    IntStream.range(0, REQUESTS)
                            .mapToObj(number -> callers.submit(() -> inject(number)))
                            .toList();
            for (int i = 0; i < REQUESTS; i++) {
                assertEquals("u" + i, answers.get(i).get());
            }
        }
    }

    private static String inject(int number) {
        Response answer = post(review(number));
        JsonObject response = new JsonObject(answer.asString()).getJsonObject("response");
        assertTrue(response.getBoolean("allowed"), answer.asString());
        String patch =
                new String(
                        Base64.getDecoder().decode(response.getString("patch")),
                        StandardCharsets.UTF_8);
        assertTrue(patch.contains("flink-ha-agent"), patch);
        assertTrue(patch.contains("restartPolicyRules"), patch);
        return response.getString("uid");
    }

    private static Response post(String review) {
        for (int attempt = 1; ; attempt++) {
            try {
                return given().relaxedHTTPSValidation()
                        .contentType("application/json")
                        .body(review)
                        .post(url("/inject"));
            } catch (Exception e) {
                // REST-assured declares no exception and throws that of the socket.
                if (!(e instanceof SSLHandshakeException) || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    @Test
    void takesARenewedCertificateWithoutARestart() throws Exception {
        Certificate before = served();
        certificate(directory.resolve("tls"));
        injector.await(() -> {
            try {
                return !served().equals(before);
            } catch (SSLHandshakeException e) {
                // It met the exchange: docs/internals/findings.md.
                return false;
            } catch (IOException | GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        });
        assertNotEquals(before, served());
        assertTrue(isReady());
    }

    private static Certificate served() throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAnybody()}, null);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket("localhost", PORT)) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    private static final class TrustsAnybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
