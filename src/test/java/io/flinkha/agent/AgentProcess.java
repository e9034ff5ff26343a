package io.flinkha.agent;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The agent's executable as a process: on a JVM, or, with {@code -Dflink-ha.agent=native}, the
 * native image.
 */
public final class AgentProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path log;

    private AgentProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** What a process that ended had to say. */
    public record Ran(int code, String out, String err) {}

    /** One that stays; its log is below {@code directory}. */
    public static AgentProcess start(
            Path directory, Map<String, String> environment, String... words) {
        Path log = directory.resolve("agent.log");
        try {
            ProcessBuilder builder = builder(environment, words);
            builder.redirectErrorStream(true).redirectOutput(log.toFile());
            return new AgentProcess(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command, to its end. */
    public static Ran run(Map<String, String> environment, String... words) {
        return run(builder(environment, words));
    }

    /** The same with a pseudo terminal as its output, that of {@code script} of util-linux. */
    public static Ran runOnTerminal(Map<String, String> environment, String... words) {
        ProcessBuilder builder = builder(environment, words);
        String line =
                builder.command().stream()
                        .map(word -> "'" + word.replace("'", "'\\''") + "'")
                        .collect(Collectors.joining(" "));
        builder.command("script", "-qec", line, "/dev/null");
        return run(builder);
    }

    private static Ran run(ProcessBuilder command) {
        try {
            File errors = File.createTempFile("agent", ".err");
            Process process =
                    command.redirectError(errors).redirectInput(new File("/dev/null")).start();
            String out;
            try (InputStream stream = process.getInputStream()) {
                out = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            }
            int code = process.waitFor();
            Ran ran = new Ran(code, out, Files.readString(errors.toPath()));
            Files.delete(errors.toPath());
            return ran;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static ProcessBuilder builder(Map<String, String> environment, String... words) {
        List<String> command = new ArrayList<>(executable());
        command.addAll(Arrays.asList(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("FLINK_HA_"));
        builder.environment().remove("KUBECONFIG");
        builder.environment().putAll(environment);
        return builder;
    }

    static boolean isNative() {
        return "native".equals(System.getProperty("flink-ha.agent"));
    }

    private static List<String> executable() {
        if (isNative()) {
            return List.of(
                    present("target/flink-ha-agent-0.1.0-SNAPSHOT-runner"),
                    "-Djava.library.path=" + openDal());
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                present("target/quarkus-app/quarkus-run.jar"));
    }

    /** In a directory that is named after the machine. */
    private static Path openDal() {
        try (Stream<Path> machines = Files.list(Path.of(present("target/opendal/native")))) {
            return machines.findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String present(String path) {
        if (!Files.exists(Path.of(path))) {
            throw new IllegalStateException(path + " is not there: `make build`, `make native`.");
        }
        return Path.of(path).toAbsolutePath().toString();
    }

    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Until it does what is asked of a live one; its log is shown if it never does. */
    public void await(BooleanSupplier live) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!live.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("The agent is not there: " + log());
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
