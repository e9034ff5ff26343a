package io.flinkha.agent.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is deployed, and the ways in which deploy/README.md says that it may be varied. */
enum Kustomization {
    EXAMPLE("deploy/examples/count-job", "the example"),
    WITH_RULES("deploy/examples/count-job", "the example for Kubernetes from 1.35 on") {
        @Override
        String edited(String kustomization) {
            return withComponent(kustomization, "restart-rules");
        }
    },
    MONITORING("deploy/examples/count-job", "the example with monitoring") {
        @Override
        String edited(String kustomization) {
            return withComponent(kustomization, "monitoring");
        }
    },
    NETWORK_POLICY("deploy/examples/count-job", "the example with network policies") {
        @Override
        String edited(String kustomization) {
            return withComponent(kustomization, "network-policy");
        }
    },
    WARM_STANDBY("deploy/examples/count-job", "the example with a warm standby") {
        @Override
        String edited(String kustomization) {
            return withComponent(kustomization, "warm-standby");
        }
    },
    S3("deploy/examples/count-job", "the example on S3") {
        @Override
        String edited(String kustomization) {
            return withStorage(kustomization, "s3-storage", "s3://bucket/ha");
        }
    },
    GCS("deploy/examples/count-job", "the example on Google Cloud Storage") {
        @Override
        String edited(String kustomization) {
            return withStorage(kustomization, "gcs-storage", "gs://bucket/ha");
        }
    },
    AZURE("deploy/examples/count-job", "the example on Azure") {
        @Override
        String edited(String kustomization) {
            return withStorage(
                    kustomization,
                    "azure-storage",
                    "abfss://container@account.dfs.core.windows.net/ha");
        }
    },
    EVERYTHING("deploy/examples/count-job", "the example on S3 with all that its agent can have") {
        @Override
        String edited(String kustomization) {
            String storage = "  - ../../components/s3-storage\n";
            return replaced(
                    S3.edited(kustomization),
                    storage,
                    """
                      - ../../components/agent-on-jvm
                      - ../../components/failsafe
                      - ../../components/warm-standby
                    """
                            + storage);
        }
    },
    E2E("lab/application", "what make e2e deploys");

    /** As the example's own kustomization.yaml has it. */
    static final String CLUSTER_ID = "count-job";

    static final String LEADER = CLUSTER_ID + "-cluster-config-map";

    private static final Path WORK = Path.of("target/deploy");

    private final Path source;
    private final String title;

    Kustomization(String source, String title) {
        this.source = Path.of(source);
        this.title = title;
    }

    /** The file as a person would have edited it. */
    String edited(String kustomization) {
        return kustomization;
    }

    private static String withComponent(String kustomization, String component) {
        String last = "  - ../../components/volume-storage\n";
        return replaced(kustomization, last, last + "  - ../../components/" + component + "\n");
    }

    static String withStorage(String kustomization, String component, String uri) {
        String last = "      - job-class=io.flinkha.demo.CountJob\n";
        return replaced(
                replaced(kustomization, "components/volume-storage", "components/" + component),
                last,
                last + "      - storage-uri=" + uri + "\n");
    }

    static String replaced(String text, String what, String by) {
        if (!text.contains(what)) {
            throw new AssertionError("there is no \"" + what + "\" in\n" + text);
        }
        return text.replace(what, by);
    }

    /** As {@code kubectl kustomize} renders it, in another namespace. */
    Path render(String namespace) {
        Path directory = WORK.resolve(namespace);
        Path copy = directory.resolve("copy");
        try {
            Files.createDirectories(copy);
            String kustomization = Files.readString(source.resolve("kustomization.yaml"));
            Files.writeString(
                    copy.resolve("kustomization.yaml"), relocated(edited(kustomization), copy));
            Path ownNamespace = source.resolve("namespace.yaml");
            if (Files.exists(ownNamespace)) {
                Files.writeString(copy.resolve("namespace.yaml"), Files.readString(ownNamespace));
            }
            Files.writeString(
                    directory.resolve("kustomization.yaml"),
                    """
                    apiVersion: kustomize.config.k8s.io/v1beta1
                    kind: Kustomization
                    namespace: %s
                    resources: [copy]
                    """
                            .formatted(namespace));
            return Files.writeString(
                    directory.resolve("rendered.yaml"), Kubectl.kustomize(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String relocated(String kustomization, Path copy) {
        Path before = source.resolve("../..");
        return kustomization.replace("../../", copy.relativize(before.normalize()) + "/");
    }

    @Override
    public String toString() {
        return title;
    }

    static List<Kustomization> all() {
        return List.of(values());
    }
}
