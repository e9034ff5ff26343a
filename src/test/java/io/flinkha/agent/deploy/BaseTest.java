package io.flinkha.agent.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flinkha.agent.injection.Injection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The base's Job is what the injector makes of the plain one in it. */
class BaseTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    /** From a ConfigMap in the base, by value in an injected Job. */
    private static final Set<String> TOLD_OTHERWISE =
            Set.of("FLINK_HA_CLUSTER_ID", "FLINK_HA_STORAGE_URI");

    static List<Path> bases() {
        return Kubectl.isAtHand() ? List.of(Path.of("deploy/base")) : List.of();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("bases")
    void kustomizeMakesOfItWhatTheInjectorMakes(Path base) throws Exception {
        ObjectNode plain = job(Files.readString(base.resolve("jobmanager.yaml")));
        ObjectNode annotations = plain.withObjectProperty("metadata").putObject("annotations");
        annotations.put("flinkha.io/cluster-id", "flink");
        annotations.put("flinkha.io/storage.uri", "s3://bucket/ha");
        JsonNode injected = new Injection("flink-ha-agent", "", true).into(plain).job();
        assertEquals(
                comparable(injected.path("spec")).toPrettyString(),
                comparable(rendered(base).path("spec")).toPrettyString(),
                () ->
                        base
                                + " is stale: its Job is not what the injector makes of jobmanager.yaml");
    }

    private static JsonNode rendered(Path base) throws IOException {
        Path directory = Files.createDirectories(Path.of("target/deploy/base"));
        Path root = directory.relativize(base.getParent());
        Files.writeString(
                directory.resolve("kustomization.yaml"),
                """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                resources: [%s/base]
                components: [%s/components/restart-rules]
                """
                        .formatted(root, root));
        return job(Kubectl.kustomize(directory));
    }

    private static ObjectNode job(String documents) throws IOException {
        List<ObjectNode> all =
                YAML.readerFor(ObjectNode.class).<ObjectNode>readValues(documents).readAll();
        return all.stream()
                .filter(one -> one.path("kind").asText().equals("Job"))
                .findFirst()
                .orElseThrow();
    }

    /** In one order, which kustomize does not keep, and without the injector's own marks. */
    private static JsonNode comparable(JsonNode node) {
        if (node instanceof ArrayNode list) {
            ArrayNode sorted = YAML.createArrayNode();
            StreamSupport.stream(list.spliterator(), false)
                    .map(BaseTest::comparable)
                    .sorted(Comparator.comparing(BaseTest::key))
                    .forEach(sorted::add);
            return sorted;
        }
        if (!node.isObject()) {
            return node;
        }
        if (TOLD_OTHERWISE.contains(key(node))) {
            return YAML.createObjectNode().set("name", node.path("name"));
        }
        ObjectNode sorted = YAML.createObjectNode();
        node.properties().stream()
                .filter(field -> !field.getKey().startsWith("flinkha.io/"))
                .filter(field -> !field.getKey().equals("args") || !field.getValue().isEmpty())
                .sorted(Map.Entry.comparingByKey())
                .forEach(field -> sorted.set(field.getKey(), comparable(field.getValue())));
        return sorted;
    }

    private static String key(JsonNode one) {
        return one.has("mountPath") ? one.path("mountPath").asText() : one.path("name").asText();
    }
}
