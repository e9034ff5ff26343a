package io.flinkha.lab.store;

import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.local.ObjectStorage;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.process.Child;
import io.flinkha.lab.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** MinIO, Google's and Azure's emulators; one that this machine cannot build is named, not run. */
public final class StoreServers {
    private static final String BUCKET = ObjectStorage.BUCKET;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Workbench bench;
    private final StoreTools tools;
    private final List<Store> running = new ArrayList<>();
    private final Map<String, String> missing = new LinkedHashMap<>();
    private Optional<ObjectStorage> minio = Optional.empty();

    private StoreServers(Workbench bench) {
        this.bench = bench;
        this.tools = new StoreTools(bench);
    }

    public static StoreServers start(Workbench bench) {
        StoreServers servers = new StoreServers(bench);
        servers.tryStart("minio", servers::minio);
        servers.tryStart("fake-gcs-server", servers::fakeGcs);
        servers.tryStart("azurite", servers::azurite);
        return servers;
    }

    public List<Store> running() {
        return List.copyOf(running);
    }

    /** Why each of the others does not run. */
    public Map<String, String> missing() {
        return Collections.unmodifiableMap(missing);
    }

    public Optional<ObjectStorage> minio() {
        return minio;
    }

    private void tryStart(String name, Function<String, Store> start) {
        try {
            running.add(start.apply(name));
        } catch (IllegalStateException | UncheckedIOException e) {
            Console.event("%s does not run: %s".formatted(name, e.getMessage()));
            missing.put(name, String.valueOf(e.getMessage()));
        }
    }

    private Store minio(String name) {
        Path program = tools.minio();
        int port = Ports.free();
        Path data = Directories.emptied(bench.directory().resolve(name));
        // A bucket is a directory to it.
        var unused = Directories.create(data.resolve(BUCKET));
        Child server =
                server(
                        name,
                        port,
                        List.of(
                                program.toString(),
                                "server",
                                "--quiet",
                                "--address",
                                "127.0.0.1:" + port,
                                data.toString()),
                        Map.of(
                                "MINIO_ROOT_USER", ObjectStorage.KEY,
                                "MINIO_ROOT_PASSWORD", ObjectStorage.SECRET));
        ObjectStorage storage = new ObjectStorage(server, port, data);
        minio = Optional.of(storage);
        return new Store(
                name,
                storage.uri(),
                storage.endpoint(),
                Map.of(
                        "AWS_ACCESS_KEY_ID", ObjectStorage.KEY,
                        "AWS_SECRET_ACCESS_KEY", ObjectStorage.SECRET));
    }

    private Store fakeGcs(String name) {
        Path program = tools.fakeGcs();
        int port = Ports.free();
        String address = "127.0.0.1:" + port;
        server(
                name,
                port,
                List.of(
                        program.toString(),
                        "-scheme",
                        "http",
                        "-host",
                        "127.0.0.1",
                        "-port",
                        Integer.toString(port),
                        "-backend",
                        "memory",
                        "-public-host",
                        address),
                Map.of());
        String endpoint = "http://" + address;
        make(
                HttpRequest.newBuilder(URI.create(endpoint + "/storage/v1/b?project=p"))
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"name\":\"%s\"}".formatted(BUCKET))));
        return new Store(
                name, "gs://" + BUCKET, endpoint, Map.of("STORAGE_EMULATOR_HOST", endpoint));
    }

    private Store azurite(String name) {
        Path program = tools.azurite();
        int port = Ports.free();
        server(
                name,
                port,
                List.of(
                        "node",
                        program.toString(),
                        "--blobHost",
                        "127.0.0.1",
                        "--blobPort",
                        Integer.toString(port),
                        "--inMemoryPersistence",
                        "--skipApiVersionCheck"),
                Map.of());
        String endpoint = "http://127.0.0.1:%d/%s".formatted(port, AzuriteContainer.ACCOUNT);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(endpoint + "/" + BUCKET + "?restype=container"))
                        .PUT(HttpRequest.BodyPublishers.noBody());
        AzuriteContainer.headers(BUCKET).forEach(request::header);
        make(request);
        return new Store(
                name,
                "abfss://%s@%s.dfs.core.windows.net/x".formatted(BUCKET, AzuriteContainer.ACCOUNT),
                endpoint,
                Map.of("AZURE_STORAGE_ACCOUNT_KEY", AzuriteContainer.KEY));
    }

    private Child server(
            String name, int port, List<String> command, Map<String, String> environment) {
        Child server = bench.start(name, command, environment, bench.directory());
        Await.until(
                name,
                Duration.ofMinutes(1),
                () -> server.over().isPresent() || Ports.answers(port));
        if (server.over().isPresent()) {
            throw new IllegalStateException(
                    "%s ended at its start: see %s".formatted(name, bench.directory()));
        }
        return server;
    }

    /** A bucket, or what the store calls one. */
    private void make(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException("No bucket could be made: " + answer.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
