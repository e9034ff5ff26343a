package io.flinkha.lab.api;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The Kubernetes API of the demo, as a process of its own. Arguments: its port, and the port at
 * which {@code /counts} tells who asked for what. It ends when its standard input does, so that it
 * cannot outlive a laboratory that was killed.
 */
public final class ApiServer implements AutoCloseable {
    /** A line for each request would hide what matters. A static field keeps the level. */
    private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver");

    private final MockWebServer web = new MockWebServer();
    private final RequestCounts counts = new RequestCounts();
    private final KubernetesMockServer kubernetes =
            new KubernetesMockServer(
                    new Context(), web, new HashMap<>(), new CountingDispatcher(counts), false);
    private final HttpServer counter;

    public ApiServer(int port, int countsPort) throws IOException {
        REQUESTS.setLevel(Level.WARNING);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        kubernetes.init(loopback, port);
        counter = HttpServer.create(new InetSocketAddress(loopback, countsPort), 0);
        counter.createContext(
                "/counts",
                exchange -> {
                    byte[] body = Json.write(counts.all()).getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        counter.start();
        Thread.ofPlatform().daemon().name("forget-requests").start(this::forgetRequests);
    }

    public static void main(String[] args) throws IOException {
        Console.quietLibraries();
        try (ApiServer server =
                new ApiServer(Integer.parseInt(args[0]), Integer.parseInt(args[1]))) {
            System.out.println("API server at port " + args[0]);
            server.serveUntilInputEnds();
        }
        System.exit(0);
    }

    private void serveUntilInputEnds() throws IOException {
        while (System.in.read() >= 0) {
            // Only the end of the input matters.
        }
    }

    /** The mock server keeps each request for a test that may ask for it: a leak in a long run. */
    private void forgetRequests() {
        try {
            while (true) {
                web.takeRequest();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        counter.stop(0);
        kubernetes.destroy();
    }
}
