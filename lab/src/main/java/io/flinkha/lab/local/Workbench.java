package io.flinkha.lab.local;

import io.flinkha.lab.api.ApiClient;
import io.flinkha.lab.api.ApiServer;
import io.flinkha.lab.application.Application;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.base.Project;
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
public final class Workbench implements AutoCloseable {
    /** From nothing, MinIO takes 4 minutes on two cores. */
    private static final Duration BUILD = Duration.ofMinutes(20);

    private static final int PER_SECOND = 200;

    private final Project project;
    private final Path directory;
    private final Supervisor supervisor = new Supervisor();
    private final int apiPort = Ports.free();
    private final ApiClient api;

    private Workbench(Project project, Path directory, int countsPort) {
        this.project = project;
        this.directory = directory;
        this.api = new ApiClient(apiPort, countsPort);
    }

    public static Workbench open(Project project, String command) {
        int countsPort = Ports.free();
        Workbench bench = new Workbench(project, project.target().resolve(command), countsPort);
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
        Child server = start("api-server", command, Map.of(), Path.of("").toAbsolutePath());
        Await.until(
                "the API server",
                Duration.ofSeconds(30),
                () -> server.over().isPresent() || api.answers());
        if (server.over().isPresent()) {
            throw new IllegalStateException("The API server ended: see " + directory);
        }
    }

    /** The demo's job, at a slow rate. */
    public ApplicationSpec counting(Side side, String clusterId) {
        FlinkJob job = FlinkJob.counting(project.demoJob(), Application.RECORDS, PER_SECOND);
        return ApplicationSpec.of(side, clusterId, job);
    }

    /** A process beside the applications; it ends with this bench. */
    public Child start(
            String name, List<String> command, Map<String, String> environment, Path at) {
        return supervisor.start(
                new ChildSpec(
                        name,
                        command,
                        environment,
                        at,
                        directory.resolve("log"),
                        ChildSpec.Restart.NEVER));
    }

    /** Starts a cluster in a fresh lab below this bench's directory. */
    public LocalApplication start(String name, ApplicationSpec spec) {
        LocalApplication application = prepare(name, spec);
        application.start();
        return application;
    }

    /** A cluster of which nothing runs yet. */
    public LocalApplication prepare(String name, ApplicationSpec spec) {
        LocalDirectory files = LocalDirectory.fresh(directory.resolve(name), spec.job().jars());
        LocalApplication application = new LocalApplication(this, files, spec);
        application.prepare();
        return application;
    }

    /** An S3 server beside the clusters, with an empty bucket. */
    public ObjectStorage objectStorage() {
        return ObjectStorage.start(
                this, Directories.emptied(directory.resolve("s3")), ObjectStorage.SECRET);
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
        Directories.emptied(home);
        String name = "build-" + built.getFileName();
        Path logs = directory.resolve("log");
        Child build = start(name, command, environment, home);
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
