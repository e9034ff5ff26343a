package io.flinkha.agent.contract;

import io.flinkha.agent.adapter.storage.Storages;
import io.flinkha.agent.port.BlobStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The stores that the contract holds for: the fake, a directory, an S3 server that this starts, and
 * those of the environment variable {@code FLINK_HA_TEST_STORES}: {@code name uri endpoint}, one a
 * line.
 */
public final class BlobStores implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final List<Kind> kinds = new ArrayList<>();
    private final S3Server s3;

    /** One store, and a place in it that nothing lies in. */
    public record Kind(String name, Supplier<BlobStore> fresh) {
        public BlobStore empty() {
            return fresh.get();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private BlobStores(S3Server s3) throws IOException {
        this.s3 = s3;
        Path directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "stores");
        kinds.add(new Kind("fake", FakeBlobStore::new));
        add("directory", directory.toUri(), null, Map.of());
        add("s3proxy", S3Server.BUCKET, s3.address(), S3Server.CREDENTIALS);
        for (String line :
                System.getenv().getOrDefault("FLINK_HA_TEST_STORES", "").lines().toList()) {
            StringTokenizer words = new StringTokenizer(line);
            add(
                    words.nextToken(),
                    URI.create(words.nextToken()),
                    words.nextToken(),
                    System.getenv());
        }
    }

    public static BlobStores open() throws IOException {
        return new BlobStores(S3Server.start());
    }

    private void add(
            String name, URI uri, @Nullable String endpoint, Map<String, String> environment) {
        Storages storages = new Storages(endpoint, null, TIMEOUT, environment::get);
        kinds.add(new Kind(name, () -> storages.open(uri, UUID.randomUUID().toString())));
    }

    public List<Kind> kinds() {
        return kinds;
    }

    @Override
    public void close() throws IOException {
        s3.close();
    }
}
