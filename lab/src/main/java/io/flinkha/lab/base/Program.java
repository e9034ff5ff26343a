package io.flinkha.lab.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program on this machine, run to its end. */
public final class Program {
    private Program() {}

    public record Ran(int code, String output, String errors) {
        /** All that it said, as a person sees it. */
        public String said() {
            return (output + errors).strip();
        }
    }

    /** One that must succeed; returns what it printed. */
    public static String run(Path directory, String... words) {
        Ran ran = tried(directory, words);
        if (ran.code() != 0) {
            throw new IllegalStateException(String.join(" ", words) + ": " + ran.said());
        }
        return ran.output();
    }

    public static Ran tried(Path directory, String... words) {
        return tried(directory, Map.of(), List.of(words));
    }

    /** One that may fail. Its output is small enough for a pipe's buffer, or its errors are. */
    public static Ran tried(Path directory, Map<String, String> environment, List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.environment().putAll(environment);
        return tried(builder);
    }

    /** One whose errors go where they are told to. */
    public static Ran tried(ProcessBuilder builder) {
        try {
            Process process = builder.start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String errors =
                    new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), output, errors.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
