package io.flinkha.lab.experiment.injection;

import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.base.Json;
import io.flinkha.lab.base.Program;
import io.flinkha.lab.base.Project;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.ProcessMemory;
import io.flinkha.lab.measure.ProcessTime;
import io.flinkha.lab.process.Child;
import io.flinkha.lab.process.Ports;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The injector as an API server asks it while a fleet is applied, and its certificate exchanged.
 */
public final class InjectorLoad implements LocalExperiment {
    private static final int PER_SECOND = 200;
    private static final int REQUESTS = 60 * PER_SECOND;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** What {@code deploy/injector} grants the native injector, as {@code deploy/base} an agent. */
    private static final long MOST_MEBIBYTES = 80;

    /** For so long the API server waits, by {@code deploy/injector}. */
    private static final Duration MOST_WAIT = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "injector-load";
    }

    @Override
    public void run(Workbench bench, Report report) {
        Path tls = bench.directory().resolve("tls");
        Path first = exchange(bench.directory(), tls, "first");
        URI injector = URI.create("https://127.0.0.1:" + Ports.free());
        Child process =
                bench.start(
                        "injector",
                        bench.project().agentProgram("injector"),
                        Map.of(
                                "FLINK_HA_INJECTOR_PORT",
                                Integer.toString(injector.getPort()),
                                "FLINK_HA_MANAGEMENT_PORT",
                                Integer.toString(Ports.free()),
                                "FLINK_HA_INJECTOR_TLS_DIR",
                                tls.toString(),
                                "FLINK_HA_INJECTOR_STORAGE_URI",
                                "s3://bucket/ha"),
                        bench.directory());
        try (HttpClient client = trusting(first)) {
            Await.until("the injector", LIMIT, () -> isReady(client, injector));
            boolean isNative = bench.project().agent() == Project.Agent.NATIVE;
            long pid = process.current().pid();
            load(client, injector, pid, report.row("%d a second".formatted(PER_SECOND)), isNative);
            Row row = report.row("certificate exchanged");
            Path second = exchange(bench.directory(), tls, "second");
            long at = System.nanoTime();
            try (HttpClient next = trusting(second)) {
                Await.until("the new certificate", LIMIT, () -> isReady(next, injector));
                row.figure("toNewCertificateMillis", (System.nanoTime() - at) / 1_000_000)
                        .claim("the connection from before stays", isReady(client, injector));
            }
        }
    }

    private static void load(HttpClient client, URI injector, long pid, Row row, boolean isNative) {
        Console.event("=== %d calls, %d a second".formatted(REQUESTS, PER_SECOND));
        AtomicInteger injected = new AtomicInteger();
        long[] nanos = new long[REQUESTS];
        Semaphore open = new Semaphore(REQUESTS);
        ProcessTime time = ProcessTime.from(pid);
        long start = System.nanoTime();
        for (int i = 0; i < REQUESTS; i++) {
            long due = start + i * 1_000_000_000L / PER_SECOND;
            Await.pass(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            HttpRequest call =
                    HttpRequest.newBuilder(injector.resolve("/inject"))
                            .header("Content-Type", "application/json")
                            .timeout(LIMIT)
                            .POST(HttpRequest.BodyPublishers.ofString(review(i)))
                            .build();
            int number = i;
            long sent = System.nanoTime();
            open.acquireUninterruptibly();
            var unused =
                    client.sendAsync(call, HttpResponse.BodyHandlers.ofString())
                            .thenAccept(answer -> {
                                nanos[number] = System.nanoTime() - sent;
                                if (isInjected(answer.body())) {
                                    injected.incrementAndGet();
                                }
                            })
                            .whenComplete((done, failure) -> open.release());
        }
        double sending = (System.nanoTime() - start) / 1e9;
        open.acquireUninterruptibly(REQUESTS);
        Arrays.sort(nanos);
        ProcessMemory memory = ProcessMemory.of(pid);
        row.figure("calls", REQUESTS)
                .figure("injected", injected.get())
                .figure("callsPerSecond", Math.round(REQUESTS / sending))
                .millis("medianMillis", nanos[REQUESTS / 2])
                .millis("p99Millis", nanos[REQUESTS * 99 / 100])
                .millis("longestMillis", nanos[REQUESTS - 1])
                .figure("cpuMillicores", time.millicores())
                .figure("peakMiB", memory.peak())
                .figure("anonMiB", memory.anonymous())
                .claim("each Job is injected", injected.get() == REQUESTS)
                .claim(
                        "each within %d s".formatted(MOST_WAIT.toSeconds()),
                        nanos[REQUESTS - 1] <= MOST_WAIT.toNanos());
        if (isNative) {
            row.claim("at most %d MiB".formatted(MOST_MEBIBYTES), memory.peak() <= MOST_MEBIBYTES);
        }
    }

    private static boolean isInjected(String answer) {
        return Json.read(answer).path("response").hasNonNull("patch");
    }

    private static String review(int number) {
        return """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"%1$d","namespace":"default",
         "object":{"apiVersion":"batch/v1","kind":"Job",
          "metadata":{"name":"orders-%1$d","labels":{"flinkha.io/inject":"true"}},
          "spec":{"template":{"spec":{"securityContext":{"runAsUser":9999},"containers":[
            {"name":"jm","image":"flink:2.3","args":["standalone-job","--job-classname","a.B"]}]}}}}}}
        """
                .formatted(number);
    }

    private static boolean isReady(HttpClient client, URI injector) {
        try {
            HttpRequest call = HttpRequest.newBuilder(injector.resolve("/ready")).build();
            return client.send(call, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Both files at once, as a kubelet exchanges a Secret's; answers the certificate. */
    private static Path exchange(Path directory, Path into, String name) {
        Path files = Directories.emptied(directory.resolve(name));
        Program.run(
                files,
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=injector",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                "tls.key",
                "-out",
                "tls.crt");
        try {
            Path link = directory.resolve(name + "-link");
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, files);
            Files.move(link, into, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files.resolve("tls.crt");
    }

    private static HttpClient trusting(Path certificate) {
        try (InputStream in = Files.newInputStream(certificate)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "injector", CertificateFactory.getInstance("X.509").generateCertificate(in));
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return HttpClient.newBuilder().sslContext(context).build();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
