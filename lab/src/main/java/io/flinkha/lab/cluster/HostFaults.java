package io.flinkha.lab.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Faults on a test cluster whose nodes run on this machine. Its supervisor obeys files: {@code
 * off/<component>} stops one, {@code cut/<node>} cuts one off. Containers are processes of this
 * machine, known by the id in their cgroup.
 */
public final class HostFaults implements Faults {
    private final Path directory;

    public HostFaults(Path directory) {
        this.directory = directory;
    }

    @Override
    public long kill(String containerId) {
        // The oldest is the container's first process; the others fall with it.
        ProcessHandle first =
                processesOf(containerId).stream()
                        .min(Comparator.comparingLong(ProcessHandle::pid))
                        .orElseThrow(
                                () -> new IllegalStateException("No process of " + containerId));
        long now = System.currentTimeMillis();
        first.destroyForcibly();
        return now;
    }

    @Override
    public boolean lives(String containerId) {
        return !processesOf(containerId).isEmpty();
    }

    private static List<ProcessHandle> processesOf(String containerId) {
        if (containerId.isEmpty()) {
            // It would be every process of this machine.
            throw new IllegalArgumentException("No container runs that could be meant");
        }
        String id = containerId.substring(containerId.lastIndexOf('/') + 1);
        return ProcessHandle.allProcesses().filter(process -> isIn(process.pid(), id)).toList();
    }

    private static boolean isIn(long pid, String containerId) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cgroup"))
                    .contains(containerId);
        } catch (IOException e) {
            // It has ended meanwhile.
            return false;
        }
    }

    @Override
    public void stop(String component) {
        touch("off", component);
    }

    @Override
    public void start(String component) {
        remove("off", component);
    }

    @Override
    public void cut(String node) {
        touch("cut", node);
    }

    @Override
    public void heal(String node) {
        remove("cut", node);
    }

    /** What an earlier, interrupted run left switched off. */
    public void healAll() {
        for (String kind : List.of("off", "cut")) {
            try (Stream<Path> files = Files.list(directory.resolve(kind))) {
                files.forEach(file -> remove(kind, file.getFileName().toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void touch(String kind, String name) {
        try {
            Files.write(directory.resolve(kind).resolve(name), new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remove(String kind, String name) {
        try {
            Files.deleteIfExists(directory.resolve(kind).resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
