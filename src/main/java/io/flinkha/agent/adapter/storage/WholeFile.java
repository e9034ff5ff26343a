package io.flinkha.agent.adapter.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** A file that appears whole or not at all: written aside, forced to disk, renamed. */
final class WholeFile implements AutoCloseable {
    static final String PREFIX = ".incoming-";

    private final Path directory;
    private final Path aside;
    private final FileChannel channel;

    WholeFile(Path directory) throws IOException {
        Files.createDirectories(directory);
        this.directory = directory;
        this.aside = directory.resolve(PREFIX + UUID.randomUUID());
        this.channel =
                FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    void write(byte[] part) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(part);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Replaces a file of that name. */
    void commit(String name) throws IOException {
        channel.force(true);
        channel.close();
        Files.move(
                aside,
                directory.resolve(name),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
            entry.force(true);
        }
    }

    /** Throws away what was not committed. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(aside);
    }
}
