package io.flinkha.agent.adapter.storage;

import io.flinkha.agent.port.BlobStore;
import io.flinkha.agent.port.StorageFailure.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Objects as files. */
final class DirectoryBlobStore implements BlobStore {
    private final Path root;

    DirectoryBlobStore(Path root) {
        this.root = root;
    }

    private interface Act<T> {
        T run(Path path) throws IOException;
    }

    /** The outcomes that a file system tells by an exception's text only, as Linux has it. */
    private <T> T on(String verb, String name, Act<T> act) throws IOException {
        Path path = root.resolve(name);
        try {
            return act.run(path);
        } catch (IOException e) {
            String text = e.toString();
            Kind kind =
                    e instanceof AccessDeniedException
                            ? Kind.DENIED
                            : text.contains("No space left") || text.contains("quota exceeded")
                                    ? Kind.FULL
                                    : text.contains("Read-only file system")
                                            ? Kind.READ_ONLY
                                            : Kind.FAILED;
            throw Failures.of(kind, verb, path.toString(), text, e);
        }
    }

    @Override
    public boolean putIfAbsent(String name, byte[] content) throws IOException {
        return on(
                "put",
                name,
                path -> {
                    try (WholeFile file = new WholeFile(path)) {
                        file.write(content);
                        return file.commit();
                    }
                });
    }

    @Override
    public Optional<byte[]> get(String name) throws IOException {
        return on(
                "get",
                name,
                path -> {
                    try {
                        return Optional.of(Files.readAllBytes(path));
                    } catch (NoSuchFileException e) {
                        return Optional.empty();
                    }
                });
    }

    @Override
    public List<Blob> list(String directory) throws IOException {
        return on(
                "list",
                directory,
                path -> {
                    List<Blob> blobs = new ArrayList<>();
                    try (Stream<Path> files = Files.list(path)) {
                        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                            blob(directory, file).ifPresent(blobs::add);
                        }
                    } catch (NoSuchFileException e) {
                        return List.of();
                    } catch (UncheckedIOException e) {
                        throw e.getCause();
                    }
                    return blobs;
                });
    }

    /** Empty if it was deleted meanwhile. */
    private static Optional<Blob> blob(String directory, Path file) throws IOException {
        try {
            return Optional.of(
                    new Blob(
                            directory + "/" + file.getFileName(),
                            Files.size(file),
                            Files.getLastModifiedTime(file).toInstant()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void delete(String name) throws IOException {
        var unused = on("delete", name, Files::deleteIfExists);
    }

    @Override
    public String place(String name) {
        return root.resolve(name).toString();
    }
}
