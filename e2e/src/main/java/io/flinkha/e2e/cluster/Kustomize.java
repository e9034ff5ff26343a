package io.flinkha.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Renders the application's manifests into a namespace of their own, as {@code kubectl} would. */
final class Kustomize {
    private Kustomize() {}

    /**
     * @param more lines that are added to the kustomization: patches of one scenario
     */
    static String render(Path application, Path directory, String namespace, String more) {
        String kustomization =
                """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                namespace: %s
                resources:
                  - %s
                %s
                """
                        .formatted(namespace, directory.relativize(application), more);
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("kustomization.yaml"), kustomization);
            Process process =
                    new ProcessBuilder(List.of("kubectl", "kustomize", directory.toString()))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            String rendered =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("kubectl kustomize failed for " + directory);
            }
            Files.writeString(directory.resolve("rendered.yaml"), rendered);
            return rendered;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
