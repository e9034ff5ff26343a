package io.flinkha.agent.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The program that people deploy with: KUBECTL, or {@code kubectl} in the PATH. */
final class Kubectl {
    /**
     * @param errors what it printed beside its output: warnings of the API server, too
     */
    record Ran(String output, String errors) {}

    private Kubectl() {}

    /** Rendering needs no API server. */
    static boolean isAtHand() {
        return System.getenv("KUBECTL") != null
                || Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "kubectl")));
    }

    static String kustomize(Path directory) {
        return run(List.of("kustomize", directory.toString())).output();
    }

    /** Fields that the API server does not know are refused. */
    static Ran apply(Path manifests, String... options) {
        return run(
                Stream.concat(
                                Stream.of("apply", "--validate=strict", "-f", manifests.toString()),
                                Stream.of(options))
                        .toList());
    }

    private static Ran run(List<String> arguments) {
        String kubectl = Objects.requireNonNullElse(System.getenv("KUBECTL"), "kubectl");
        List<String> command = Stream.concat(Stream.of(kubectl), arguments.stream()).toList();
        Process process = start(new ProcessBuilder(command));
        try {
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            String errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + errors);
            }
            return new Ran(output, errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Process start(ProcessBuilder kubectl) {
        try {
            return kubectl.start();
        } catch (IOException e) {
            throw new AssertionError(
                    "KUBECONFIG is set, but kubectl cannot be started: put it into the PATH, or its"
                            + " path into KUBECTL.",
                    e);
        }
    }
}
