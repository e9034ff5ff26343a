package io.flinkha.lab.cluster;

import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Program;
import io.flinkha.lab.base.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Renders the application's manifests into a namespace of their own, as {@code kubectl} would. */
public final class Kustomize {
    private static final String PATCHES =
            """
            patches:
              - target: { kind: Job, name: jobmanager }
                patch: |-
            """;

    private Kustomize() {}

    /** Lines of kustomization that change the JobManager's Job. */
    public static String patchOfJob(String patch) {
        return PATCHES + patch.indent(6);
    }

    /** The same: words for Flink, before the JobManager's others. */
    public static String options(String... words) {
        StringBuilder patch = new StringBuilder();
        for (int i = 0; i < words.length; i++) {
            patch.append(
                    "- { op: add, path: /spec/template/spec/containers/0/args/%d, value: \"%s\" }\n"
                            .formatted(i, words[i]));
        }
        return patchOfJob(patch.toString());
    }

    /**
     * The manifests are for the native agent.
     *
     * @param wanted below the project's root, besides the one that another agent takes
     */
    static String components(Project project, Path directory, Side side, List<String> wanted) {
        boolean jvm = side == Side.AGENT && project.agent() == Project.Agent.JVM;
        Path root = directory.relativize(project.root());
        List<String> names =
                Stream.concat(
                                wanted.stream(),
                                jvm ? Stream.of("deploy/components/agent-on-jvm") : Stream.empty())
                        .map(name -> root.resolve(name).toString())
                        .toList();
        return names.isEmpty() ? "" : "\ncomponents: [" + String.join(", ", names) + "]\n";
    }

    /**
     * @param resources files beside the application
     * @param more lines that are added to the kustomization: patches of one scenario
     */
    static String render(
            Path application, Path directory, String namespace, List<Path> resources, String more) {
        String kustomization =
                """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                namespace: %s
                resources: [%s]
                %s
                """
                        .formatted(
                                namespace,
                                Stream.concat(
                                                Stream.of(directory.relativize(application)),
                                                resources.stream().map(Path::getFileName))
                                        .map(Path::toString)
                                        .collect(Collectors.joining(", ")),
                                more);
        try {
            Files.createDirectories(directory);
            for (Path resource : resources) {
                // kustomize takes no file from outside of the kustomization's own directory.
                Files.copy(
                        resource,
                        directory.resolve(resource.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(directory.resolve("kustomization.yaml"), kustomization);
            String rendered = Program.run(directory, "kubectl", "kustomize", ".");
            Files.writeString(directory.resolve("rendered.yaml"), rendered);
            return rendered;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
