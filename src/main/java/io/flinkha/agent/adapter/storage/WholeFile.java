package io.flinkha.agent.adapter.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** A file that appears whole or not at all: written aside, forced to disk, given its name. */
final class WholeFile implements AutoCloseable {
    static final String PREFIX = ".incoming-";

    private final Path file;
    private final Path directory;
    private final Path aside;
    private final FileChannel channel;

    WholeFile(Path file) throws IOException {
        this.file = file;
        this.directory = file.resolveSibling("");
        Files.createDirectories(directory);
        this.aside = file.resolveSibling(PREFIX + UUID.randomUUID());
        this.channel =
                FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    void write(byte[] part) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(part);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** False if there was one of that name, which stays. */
    boolean commit() throws IOException {
        channel.force(true);
        channel.close();
        boolean first = name();
        try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
            entry.force(true);
        }
        return first;
    }

    /**
     * A second name is given by one at most, a renaming replaces: but some mounts have no links.
     */
    private boolean name() throws IOException {
        try {
            Files.createLink(file, aside);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException | IOException e) {
            if (Files.exists(file)) {
                return false;
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
            return true;
        }
    }

    /** Throws away what is not under its own name. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(aside);
    }
}
