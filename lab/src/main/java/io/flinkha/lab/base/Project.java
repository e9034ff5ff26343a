package io.flinkha.lab.base;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the built parts lie, below the root of the project. */
public record Project(Path root) {

    /** The root is given, or found upwards from the working directory. */
    public static Project find() {
        String given = System.getProperty("flink-ha.project.root");
        if (given != null) {
            return new Project(Path.of(given).toAbsolutePath().normalize());
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("build-parent"))) {
                return new Project(at);
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

    public Path agent() {
        return built(root.resolve("target/quarkus-app/quarkus-run.jar"));
    }

    public Path haServices() {
        return built(
                root.resolve("flink-ha-services/jar/target")
                        .resolve("flink-ha-services-0.1.0-SNAPSHOT.jar"));
    }

    private static Path built(Path path) {
        if (!Files.exists(path)) {
            throw new IllegalStateException("Not built yet: " + path + " (run `make build`)");
        }
        return path;
    }
}
