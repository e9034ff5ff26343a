package io.flinkha.lab.cluster;

import io.flinkha.lab.Await;
import io.flinkha.lab.Project;
import io.flinkha.lab.api.ApiClient;
import io.flinkha.lab.api.ApiServer;
import io.flinkha.lab.process.Child;
import io.flinkha.lab.process.ChildSpec;
import io.flinkha.lab.process.Ports;
import io.flinkha.lab.process.Supervisor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What one command works with: a supervisor and an API server, below {@code target/<command>}. */
public final class Bench implements AutoCloseable {
    /** From nothing, MinIO takes 4 minutes on two cores. */
    private static final Duration BUILD = Duration.ofMinutes(20);

    private final Project project;
    private final Path directory;
    private final Supervisor supervisor = new Supervisor();
    private final int apiPort = Ports.free();
    private final ApiClient api;

    private Bench(Project project, Path directory, int countsPort) {
        this.project = project;
        this.directory = directory;
        this.api = new ApiClient(apiPort, countsPort);
    }

    public static Bench open(Project project, String command) {
        int countsPort = Ports.free();
        Bench bench = new Bench(project, project.target().resolve(command), countsPort);
        bench.startApiServer(countsPort);
        return bench;
    }

    private void startApiServer(int countsPort) {
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ApiServer.class.getName(),
                        Integer.toString(apiPort),
                        Integer.toString(countsPort));
        Child server =
                supervisor.start(
                        new ChildSpec(
                                "api-server",
                                command,
                                Map.of(),
                                Path.of("").toAbsolutePath(),
                                directory.resolve("log"),
                                ChildSpec.Restart.NEVER));
        Await.until(
                "the API server",
                Duration.ofSeconds(30),
                () -> server.over().isPresent() || api.answers());
        if (server.over().isPresent()) {
            throw new IllegalStateException("The API server ended: see " + directory);
        }
    }

    /** A process beside the clusters; it ends with this bench. */
    public Child start(ChildSpec spec) {
        return supervisor.start(spec);
    }

    /** Starts a cluster in a fresh lab below this bench's directory. */
    public Cluster start(String name, ClusterSpec spec) {
        Cluster cluster = prepare(name, spec);
        cluster.start();
        return cluster;
    }

    /** A cluster of which nothing runs yet. */
    public Cluster prepare(String name, ClusterSpec spec) {
        Lab lab = Lab.fresh(directory.resolve(name), spec.job().jars());
        Cluster cluster = new Cluster(this, lab, spec);
        cluster.prepare();
        return cluster;
    }

    /** An S3 server beside the clusters, with an empty bucket. */
    public ObjectStorage objectStorage() {
        return ObjectStorage.start(
                this, Lab.emptied(directory.resolve("s3")), ObjectStorage.SECRET);
    }

    /**
     * A program that its own package manager installs into {@code home}, once.
     *
     * @param program below {@code home}
     */
    public Path built(
            Path home, String program, List<String> command, Map<String, String> environment) {
        Path built = home.resolve(program);
        if (Files.exists(built)) {
            return built;
        }
        Lab.emptied(home);
        String name = "build-" + built.getFileName();
        Path logs = directory.resolve("log");
        Child build =
                start(
                        new ChildSpec(
                                name, command, environment, home, logs, ChildSpec.Restart.NEVER));
        Await.until(String.join(" ", command), BUILD, () -> build.over().isPresent());
        if (build.over().orElse(-1) != 0 || !Files.exists(built)) {
            throw new IllegalStateException(
                    "`%s` failed: see %s".formatted(String.join(" ", command), logs));
        }
        return built;
    }

    /** Where everything of this command lies. */
    public Path directory() {
        return directory;
    }

    public ApiClient api() {
        return api;
    }

    public Project project() {
        return project;
    }

    Supervisor supervisor() {
        return supervisor;
    }

    int apiPort() {
        return apiPort;
    }

    @Override
    public void close() {
        supervisor.close();
    }
}
