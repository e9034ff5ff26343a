package io.flinkha.lab.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the built parts lie, below the root of the project.
 *
 * @param agent which of its two executables is looked at
 */
public record Project(Path root, Agent agent) {

    /** The agent on a JVM, or its native image. */
    public enum Agent {
        JVM,
        NATIVE;

        /** As a person names it; an exception says what can be given. */
        public static Agent of(String name) {
            return switch (name) {
                case "jvm" -> JVM;
                case "native" -> NATIVE;
                default ->
                        throw new IllegalArgumentException(
                                "Unknown agent '%s': give jvm or native.".formatted(name));
            };
        }
    }

    /** The root is given, or found upwards from the working directory. */
    public static Project find(Agent agent) {
        String given = System.getProperty("flink-ha.project.root");
        if (given != null) {
            return new Project(Path.of(given).toAbsolutePath().normalize(), agent);
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("build-parent"))) {
                return new Project(at, agent);
            }
        }
        throw new IllegalStateException("Run this inside the project's directory.");
    }

    public Path target() {
        return root.resolve("target");
    }

    public Path flinkLibraries() {
        return built(root.resolve("lab/job/target/flink/lib"));
    }

    /** The S3 file system, as a plugin. */
    public Path flinkPlugins() {
        return built(root.resolve("lab/job/target/flink/plugins"));
    }

    public Path objectStore() {
        return built(root.resolve("lab/store/target/flink-ha-demo-store.jar"));
    }

    /** Another program on the class path of {@link #objectStore}. */
    public String objectStoreClassPath() {
        return objectStore() + ":" + objectStore().resolveSibling("lib") + "/*";
    }

    public Path demoJob() {
        return built(root.resolve("lab/job/target/flink-ha-demo-job.jar"));
    }

    public Path example(String name) {
        return built(root.resolve("lab/job/target/examples").resolve(name + ".jar"));
    }

    /**
     * The agent's executable, with the memory that it has in its image; a command of it with words
     * more.
     */
    public List<String> agentProgram(String... words) {
        String library = "-Djava.library.path=" + openDal();
        List<String> program =
                switch (agent) {
                    case JVM ->
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx96m",
                                    "-XX:MaxMetaspaceSize=96m",
                                    "-XX:+UseSerialGC",
                                    "-XX:TieredStopAtLevel=1",
                                    library,
                                    "-jar",
                                    agentFiles().resolve("quarkus-run.jar").toString());
                    case NATIVE -> List.of(agentFiles().toString(), library);
                };
        return Stream.concat(program.stream(), Stream.of(words)).toList();
    }

    public boolean hasNativeAgent() {
        return Files.isExecutable(nativeAgent());
    }

    private Path nativeAgent() {
        return root.resolve("target/flink-ha-agent-0.1.0-SNAPSHOT-runner");
    }

    /** What of it lies in its image, beside a Java and the library for object stores. */
    public Path agentFiles() {
        return switch (agent) {
            case JVM -> built(root.resolve("target/quarkus-app"));
            case NATIVE -> built(nativeAgent());
        };
    }

    /** The directory of the native library for object stores. */
    public Path openDal() {
        try (Stream<Path> platforms = Files.list(built(root.resolve("target/opendal/native")))) {
            return platforms.findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path haServices() {
        return built(
                root.resolve("flink-ha-services/jar/target")
                        .resolve("flink-ha-services-0.1.0-SNAPSHOT.jar"));
    }

    private static Path built(Path path) {
        if (!Files.exists(path)) {
            throw new IllegalStateException(
                    "Not built yet: "
                            + path
                            + " (run `make build`, and `make native` for its native image)");
        }
        return path;
    }
}
