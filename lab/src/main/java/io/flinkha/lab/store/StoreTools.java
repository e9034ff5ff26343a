package io.flinkha.lab.store;

import io.flinkha.lab.local.Workbench;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The programs, each built once below {@code target/stores}, in a directory that names its version.
 */
record StoreTools(Workbench bench) {
    private static final String MINIO = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c";
    private static final String FAKE_GCS = "github.com/fsouza/fake-gcs-server@v1.56.1";
    private static final String AZURITE = "azurite@3.34.0";

    Path minio() {
        return go(MINIO);
    }

    Path fakeGcs() {
        return go(FAKE_GCS);
    }

    /** A script for Node.js. */
    Path azurite() {
        return bench.built(
                home(AZURITE),
                "node_modules/.bin/azurite-blob",
                List.of("npm", "install", "--no-audit", "--no-fund", "--prefix", ".", AZURITE),
                Map.of());
    }

    private Path go(String module) {
        String name = module.substring(module.lastIndexOf('/') + 1, module.indexOf('@'));
        Path home = home(module);
        return bench.built(
                home, name, List.of("go", "install", module), Map.of("GOBIN", home.toString()));
    }

    private Path home(String tool) {
        String name = tool.substring(tool.lastIndexOf('/') + 1).replace('@', '-');
        return bench.project().target().resolve("stores").resolve(name);
    }

    static Path create(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
