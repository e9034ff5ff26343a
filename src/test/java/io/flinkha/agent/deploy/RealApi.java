package io.flinkha.agent.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.flinkha.agent.port.Result;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** The API server of KUBECONFIG, as its administrator sees it. */
final class RealApi {
    private RealApi() {}

    static boolean isAtHand() {
        String kubeconfig = System.getenv("KUBECONFIG");
        return kubeconfig != null && !kubeconfig.isBlank();
    }

    static KubernetesClient admin() {
        return new KubernetesClientBuilder().withConfig(Config.autoConfigure(null)).build();
    }

    static String newNamespace() {
        return "deploy-" + UUID.randomUUID().toString().substring(0, 8);
    }

    static List<HasMetadata> objects(KubernetesClient client, Path manifests) {
        try {
            String text = Files.readString(manifests, UTF_8);
            return client.load(new ByteArrayInputStream(text.getBytes(UTF_8))).items();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T ok(Result<T> result) {
        return result.fold(
                value -> value,
                (outcome, reason) -> {
                    throw new AssertionError(outcome + ": " + reason);
                });
    }
}
