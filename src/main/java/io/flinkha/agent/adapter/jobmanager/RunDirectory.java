package io.flinkha.agent.adapter.jobmanager;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The directory that agent and JobManager share. */
public final class RunDirectory {
    private static final int TOKEN_BYTES = 32;

    /** A lock whose channel is collected is lost: these stay reachable until the process ends. */
    private static final List<FileLock> HELD_TO_THE_END = new CopyOnWriteArrayList<>();

    private final Path directory;

    public RunDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * Two agents in one pod would answer one JobManager; returns whether this one is alone. Held
     * until the process ends.
     */
    public boolean lockForThisAgent() throws IOException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve("agent.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            return false;
        }
        HELD_TO_THE_END.add(lock);
        return true;
    }

    /**
     * The pod's token: made once, and used again by an agent that restarts, or it would lock out
     * its own JobManager (R15).
     */
    public String token() throws IOException {
        Path file = directory.resolve("token");
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            byte[] random = new byte[TOKEN_BYTES];
            new SecureRandom().nextBytes(random);
            Path aside = directory.resolve(".token");
            Files.deleteIfExists(aside);
            Files.createFile(
                    aside,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-r-----")));
            Files.write(
                    aside,
                    HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII),
                    StandardOpenOption.TRUNCATE_EXISTING);
            moveUnlessThere(aside, file);
            return Files.readString(file).strip();
        }
    }

    private static void moveUnlessThere(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
            Files.delete(from);
        } catch (FileAlreadyExistsException e) {
            Files.delete(from);
        } catch (UnsupportedOperationException e) {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
