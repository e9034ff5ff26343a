package io.flinkha.agent.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run directory, and supervisors on it. Commands run in {@code directory}, where those of {@link
 * #STARTED} leave who they are.
 */
abstract class SupervisorBench {
    /** A command's first words; the number of its start and its process are a line of a file. */
    static final String STARTED = "echo \"$FLINK_HA_START $$\" >> started; ";

    static final String STAYS = STARTED + "exec sleep 1000";

    /**
     * Whoever runs the tests in the background has them ignored, and bash cannot take that back.
     */
    private static final String HEARD = "--default-signal=INT,HUP,QUIT";

    private static final Path PROGRAM = Path.of("deploy/image/flink-ha-run").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir Path directory;

    private final List<Process> supervisors = new ArrayList<>();

    @BeforeEach
    void makeRunDirectory() throws IOException {
        Files.createDirectory(run(""));
    }

    /** None of them in a group or session with the others: each by its own id. */
    @AfterEach
    void endAll() {
        List<ProcessHandle> all = new ArrayList<>();
        supervisors.forEach(one -> one.descendants().forEach(all::add));
        supervisors.forEach(one -> all.add(one.toHandle()));
        numbers("started").forEach(line -> ProcessHandle.of(line.get(1)).ifPresent(all::add));
        all.stream()
                .flatMap(one -> Stream.concat(Stream.of(one), one.descendants()))
                .toList()
                .forEach(ProcessHandle::destroyForcibly);
    }

    Path run(String file) {
        return directory.resolve("run").resolve(file);
    }

    /** A supervisor of one line for a shell. */
    Process supervise(String line) {
        return start(Map.of(), "--", "bash", "-c", line);
    }

    Process start(Map<String, String> environment, String... words) {
        return start(List.of("env", HEARD, PROGRAM.toString()), environment, words);
    }

    /**
     * @param program the supervisor's, or what runs it
     */
    Process start(List<String> program, Map<String, String> environment, String... words) {
        ProcessBuilder builder =
                new ProcessBuilder(Stream.concat(program.stream(), Stream.of(words)).toList());
        builder.directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(file("log").toFile()))
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("FLINK_HA_"));
        builder.environment().put("FLINK_HA_RUN_DIR", run("").toString());
        builder.environment().put("FLINK_HA_TERMINATION_LOG", file("last-words").toString());
        builder.environment().putAll(environment);
        try {
            Process supervisor = builder.start();
            supervisors.add(supervisor);
            return supervisor;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String program() {
        return PROGRAM.toString();
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Of a file that may not be there yet. */
    static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> log() {
        return lines(file("log"));
    }

    boolean hasLogged(String pattern) {
        return log().stream().anyMatch(line -> line.matches("flink-ha-run: " + pattern));
    }

    private List<List<Long>> numbers(String name) {
        return lines(file(name)).stream()
                .map(line -> Stream.of(line.split(" ")).map(Long::valueOf).toList())
                .toList();
    }

    /** Number and code of each end. */
    List<String> ends() {
        return lines(run("ends")).stream()
                .map(line -> line.replaceFirst(" \\d+ \\d+$", ""))
                .toList();
    }

    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the agent does. */
    void order(String text) {
        write(run("orders"), text);
    }

    void await(String what, BooleanSupplier seen) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!seen.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(what + " did not come: " + String.join("\n", log()));
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    void awaitLog(String pattern) {
        await(pattern, () -> hasLogged(pattern));
    }

    /** The process of a start, once it has said that it runs. */
    long awaitStart(long number) {
        await("start " + number, () -> startsOf(number).count() > 0);
        return startsOf(number).findFirst().orElseThrow();
    }

    private Stream<Long> startsOf(long number) {
        return numbers("started").stream()
                .filter(line -> line.getFirst() == number)
                .map(List::getLast);
    }

    /** Not everywhere does somebody wait for what has ended. */
    static boolean lives(long pid) {
        List<String> stat = lines(Path.of("/proc", Long.toString(pid), "stat"));
        return !stat.isEmpty() && !stat.getFirst().matches(".*\\) [ZX] .*");
    }

    /** The code of a supervisor that ends by itself. */
    int awaitEnd(Process supervisor) {
        try {
            if (!supervisor.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("It does not end: " + String.join("\n", log()));
            }
            return supervisor.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static void signal(String name, long pid) {
        try {
            Process kill =
                    new ProcessBuilder("bash", "-c", "kill -" + name + " " + pid)
                            .inheritIO()
                            .start();
            assertEquals(0, kill.waitFor());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
