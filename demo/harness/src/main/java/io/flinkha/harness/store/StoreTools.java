package io.flinkha.harness.store;

import io.flinkha.harness.Await;
import io.flinkha.harness.cluster.Bench;
import io.flinkha.harness.process.Child;
import io.flinkha.harness.process.ChildSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The programs, each built once below {@code target/stores}, in a directory that names its version.
 */
record StoreTools(Bench bench) {
    private static final String MINIO = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c";
    private static final String FAKE_GCS = "github.com/fsouza/fake-gcs-server@v1.56.1";
    private static final String AZURITE = "azurite@3.34.0";

    /** From nothing, MinIO takes 4 minutes on two cores. */
    private static final Duration BUILD = Duration.ofMinutes(20);

    Path minio() {
        return go(MINIO);
    }

    Path fakeGcs() {
        return go(FAKE_GCS);
    }

    /** A script for Node.js. */
    Path azurite() {
        return built(
                home(AZURITE),
                "node_modules/.bin/azurite-blob",
                List.of("npm", "install", "--no-audit", "--no-fund", "--prefix", ".", AZURITE),
                Map.of());
    }

    private Path go(String module) {
        String name = module.substring(module.lastIndexOf('/') + 1, module.indexOf('@'));
        Path home = home(module);
        return built(
                home, name, List.of("go", "install", module), Map.of("GOBIN", home.toString()));
    }

    private Path home(String tool) {
        String name = tool.substring(tool.lastIndexOf('/') + 1).replace('@', '-');
        return bench.project().target().resolve("stores").resolve(name);
    }

    private Path built(
            Path home, String path, List<String> command, Map<String, String> environment) {
        Path program = home.resolve(path);
        if (Files.exists(program)) {
            return program;
        }
        create(home);
        String name = "build-" + program.getFileName();
        Path logs = bench.directory().resolve("log");
        Child build =
                bench.start(
                        new ChildSpec(
                                name, command, environment, home, logs, ChildSpec.Restart.NEVER));
        Await.until(String.join(" ", command), BUILD, () -> build.over().isPresent());
        if (build.over().orElse(-1) != 0 || !Files.exists(program)) {
            throw new IllegalStateException(
                    "`%s` failed: see %s".formatted(String.join(" ", command), logs));
        }
        return program;
    }

    static Path create(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
