package io.flinkha.lab.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A program on this machine, run to its end. */
public final class Command {
    private Command() {}

    public record Ran(int code, String output, String errors) {}

    /** One that must succeed; returns what it printed. */
    public static String run(Path directory, String... words) {
        Ran ran = tried(directory, words);
        if (ran.code() != 0) {
            throw new IllegalStateException(String.join(" ", words) + ": " + ran.errors());
        }
        return ran.output();
    }

    /** One that may fail. Its output is small enough for a pipe's buffer, or its errors are. */
    public static Ran tried(Path directory, String... words) {
        try {
            Process process =
                    new ProcessBuilder(List.of(words)).directory(directory.toFile()).start();
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
