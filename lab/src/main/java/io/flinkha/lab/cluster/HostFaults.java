package io.flinkha.lab.cluster;

import io.flinkha.lab.base.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
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
    public boolean lives(String process) {
        int pid = process.indexOf('#');
        return pid < 0
                ? !processesOf(process).isEmpty()
                : isIn(
                        Long.parseLong(process.substring(pid + 1)),
                        shortId(process.substring(0, pid)));
    }

    private static String shortId(String containerId) {
        return containerId.substring(containerId.lastIndexOf('/') + 1);
    }

    private static List<ProcessHandle> processesOf(String containerId) {
        if (containerId.isEmpty()) {
            // It would be every process of this machine.
            throw new IllegalArgumentException("No container runs that could be meant");
        }
        String id = shortId(containerId);
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
    public OptionalLong java(String containerId) {
        return processesOf(containerId).stream()
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .mapToLong(ProcessHandle::pid)
                .findFirst();
    }

    @Override
    public int start(String containerId, String runDirectory) {
        for (ProcessHandle process : processesOf(containerId)) {
            Path root = Path.of("/proc", Long.toString(process.pid()), "root");
            try {
                String start = Files.readString(Path.of(root + runDirectory, "start"));
                return Integer.parseInt(start.substring(0, start.indexOf(' ')));
            } catch (IOException | RuntimeException e) {
                // It has ended, or has no supervisor: the next one may say.
            }
        }
        return 0;
    }

    @Override
    public long signal(long pid, String signal) {
        long now = System.currentTimeMillis();
        Program.run(Path.of("/"), "kill", "-" + signal, Long.toString(pid));
        return now;
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
    public void backUpEtcd() {
        copy("etcd", "etcd-backup");
    }

    @Override
    public void restoreEtcd() {
        copy("etcd-backup", "etcd");
    }

    private void copy(String from, String to) {
        Program.run(directory, "rm", "-rf", to);
        Program.run(directory, "cp", "-a", from, to);
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
