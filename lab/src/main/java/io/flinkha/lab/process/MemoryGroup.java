package io.flinkha.lab.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A control group of this machine whose processes together get so much memory and no swap, as a
 * container's do.
 */
public final class MemoryGroup implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    /** What the two versions of the kernel's interface call the same things. */
    private enum Version {
        TWO("memory.max", "memory.swap.max", "memory.peak", "memory.events"),
        ONE(
                "memory.limit_in_bytes",
                "memory.memsw.limit_in_bytes",
                "memory.max_usage_in_bytes",
                "memory.oom_control");

        private final String limit;
        private final String swap;
        private final String peak;
        private final String events;

        Version(String limit, String swap, String peak, String events) {
            this.limit = limit;
            this.swap = swap;
            this.peak = peak;
            this.events = events;
        }
    }

    private final Path directory;
    private final Version version;

    private MemoryGroup(Path directory, Version version) {
        this.directory = directory;
        this.version = version;
    }

    /** Empty where this machine, or this user's rights on it, allow none. */
    public static Optional<MemoryGroup> create(String name, long bytes) {
        boolean two = Files.exists(ROOT.resolve("cgroup.controllers"));
        Path parent = two ? ROOT : ROOT.resolve("memory");
        MemoryGroup group = new MemoryGroup(parent.resolve(name), two ? Version.TWO : Version.ONE);
        try {
            if (two) {
                Files.writeString(ROOT.resolve("cgroup.subtree_control"), "+memory");
            }
            Files.createDirectory(group.directory);
        } catch (IOException e) {
            return Optional.empty();
        }
        try {
            group.limit(bytes);
            return Optional.of(group);
        } catch (IOException e) {
            group.close();
            return Optional.empty();
        }
    }

    private void limit(long bytes) throws IOException {
        Files.writeString(file(version.limit), Long.toString(bytes));
        // Of the first version it is memory and swap together; a kernel without swap has no file.
        if (Files.exists(file(version.swap))) {
            Files.writeString(
                    file(version.swap), version == Version.TWO ? "0" : Long.toString(bytes));
        }
        // Without these two nothing could be said afterwards.
        var unused = peakMiB() + oomKills();
    }

    /** Words before those of a program, which then runs in this group, under its own process id. */
    public List<String> enter() {
        return List.of(
                "sh",
                "-c",
                "echo $$ > \"$1\" && shift && exec \"$@\"",
                "-",
                file("cgroup.procs").toString());
    }

    /** With the pages of files that the kernel takes back. */
    public long peakMiB() throws IOException {
        return Long.parseLong(Files.readString(file(version.peak)).strip()) / (1024 * 1024);
    }

    public long oomKills() throws IOException {
        return Files.readAllLines(file(version.events)).stream()
                .filter(line -> line.startsWith("oom_kill "))
                .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
                .findFirst()
                .orElseThrow(() -> new IOException(file(version.events) + " counts no kills"));
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    /** Its processes have ended before. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
