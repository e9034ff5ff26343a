package io.flinkha.agent.adapter.storage;

import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.port.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Objects as files named by their sha256. */
public final class DirectoryBlobStore implements BlobStore {
    private static final int CHUNK = 64 * 1024;

    private final Path directory;

    public DirectoryBlobStore(Path directory) {
        this.directory = directory;
    }

    @Override
    public Writer create() throws IOException {
        return new FileWriter(directory);
    }

    @Override
    public Optional<InputStream> open(PlanRef ref) throws IOException {
        try {
            return Optional.of(Files.newInputStream(file(ref)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> damage(PlanRef ref) throws IOException {
        Optional<InputStream> found = open(ref);
        if (found.isEmpty()) {
            return Optional.of("the stored plan %s is gone".formatted(file(ref)));
        }
        MessageDigest digest = sha256();
        long bytes = 0;
        try (InputStream in = found.get()) {
            byte[] chunk = new byte[CHUNK];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
                bytes += n;
            }
        }
        if (bytes != ref.bytes()) {
            return Optional.of(
                    "the stored plan %s is damaged: %d bytes recorded, %d found"
                            .formatted(file(ref), ref.bytes(), bytes));
        }
        String actual = HexFormat.of().formatHex(digest.digest());
        return actual.equals(ref.sha256())
                ? Optional.empty()
                : Optional.of(
                        "the stored plan %s is damaged: its sha256 is %s"
                                .formatted(file(ref), actual));
    }

    @Override
    public void delete(String sha256) throws IOException {
        Files.deleteIfExists(directory.resolve(sha256));
    }

    private Path file(PlanRef ref) {
        return directory.resolve(ref.sha256());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static final class FileWriter implements Writer {
        private final WholeFile file;
        private final MessageDigest digest = sha256();
        private long bytes;

        FileWriter(Path directory) throws IOException {
            this.file = new WholeFile(directory);
        }

        @Override
        public void write(byte[] part) throws IOException {
            digest.update(part);
            bytes += part.length;
            file.write(part);
        }

        @Override
        public PlanRef commit() throws IOException {
            PlanRef ref = new PlanRef(HexFormat.of().formatHex(digest.digest()), bytes);
            // The same name means the same content: replacing it also heals a file that was damaged
            // meanwhile.
            file.commit(ref.sha256());
            return ref;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
