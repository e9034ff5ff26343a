package io.flinkha.agent.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** deploy/ asks for the native agent's memory, and one component for that of a JVM. */
class MemoryTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    /** Within this limit the native agent carried plans of 500 MiB. */
    private static final Quantity NATIVE_LIMIT = new Quantity("80Mi");

    /**
     * @param container that runs the agent's program
     */
    record Deployment(String directory, String container) {}

    static List<Deployment> deployments() {
        return Kubectl.isAtHand()
                ? List.of(
                        new Deployment("deploy/base", "flink-ha-agent"),
                        new Deployment("deploy/injector", "injector"))
                : List.of();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("deployments")
    void theComponentGivesTheProgramOnAJvmSeveralTimesTheMemory(Deployment deployment)
            throws IOException {
        JsonNode natively = resources(deployment, "");
        JsonNode onJvm =
                resources(deployment, "components: [../../../deploy/components/agent-on-jvm]");
        assertEquals(NATIVE_LIMIT, memory(natively, "limits"));
        for (String kind : List.of("requests", "limits")) {
            assertTrue(
                    bytes(onJvm, kind) >= 2 * bytes(natively, kind),
                    () -> "%s: %s instead of %s".formatted(kind, onJvm, natively));
        }
    }

    private static JsonNode resources(Deployment deployment, String components) throws IOException {
        Path directory = Files.createDirectories(Path.of("target/deploy/memory"));
        Files.writeString(
                directory.resolve("kustomization.yaml"),
                """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                resources: [../../../%s]
                %s
                """
                        .formatted(deployment.directory(), components));
        String documents = Kubectl.kustomize(directory);
        return YAML.readerFor(ObjectNode.class).<ObjectNode>readValues(documents).readAll().stream()
                .flatMap(document -> document.findParents("resources").stream())
                .filter(one -> one.path("name").asText().equals(deployment.container()))
                .findFirst()
                .orElseThrow()
                .path("resources");
    }

    private static Quantity memory(JsonNode resources, String kind) {
        return new Quantity(resources.path(kind).path("memory").asText());
    }

    private static long bytes(JsonNode resources, String kind) {
        return Objects.requireNonNull(memory(resources, kind).getNumericalAmount()).longValue();
    }
}
