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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The base's Job is what the injector makes of the plain one in it. */
class BaseTest {
    private static final Path BASE = Path.of("deploy/base");
    private static final YAMLMapper YAML = new YAMLMapper();

    /** From a ConfigMap in the base, by value in an injected Job. */
    private static final Set<String> TOLD_OTHERWISE =
            Set.of("FLINK_HA_CLUSTER_ID", "FLINK_HA_STORAGE_URI");

    static List<Boolean> rendered() {
        return Kubectl.isAtHand() ? List.of(false, true) : List.of();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("rendered")
    void kustomizeMakesOfItWhatTheInjectorMakes(boolean standby) throws Exception {
        assertIsInjected(rendered(BASE, standby), standby);
    }

    /** So that a stale base is found where there is no kubectl, too. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mergedItIsWhatTheInjectorMakes(boolean standby) throws Exception {
        ObjectNode merged = job(Files.readString(BASE.resolve("jobmanager.yaml")));
        List<String> patches = new ArrayList<>();
        patches.add("base/agent.yaml");
        components(standby)
                .forEach(name -> patches.add("components/%1$s/%1$s.yaml".formatted(name)));
        for (String patch : patches) {
            merge(merged, job(Files.readString(BASE.resolveSibling(patch))));
        }
        assertIsInjected(merged, standby);
    }

    private static List<String> components(boolean standby) {
        return standby ? List.of("restart-rules", "warm-standby") : List.of("restart-rules");
    }

    private static void assertIsInjected(JsonNode deployed, boolean standby) throws Exception {
        ObjectNode plain = job(Files.readString(BASE.resolve("jobmanager.yaml")));
        ObjectNode annotations = plain.withObjectProperty("metadata").putObject("annotations");
        annotations.put("flinkha.io/cluster-id", "flink");
        annotations.put("flinkha.io/storage.uri", "s3://bucket/ha");
        if (standby) {
            annotations.put("flinkha.io/standby", "true");
        }
        JsonNode injected = new Injection("flink-ha-agent", "", () -> true).into(plain).job();
        assertEquals(
                comparable(injected.path("spec")).toPrettyString(),
                comparable(deployed.path("spec")).toPrettyString(),
                BASE + " is stale: its Job is not what the injector makes of jobmanager.yaml");
    }

    private static JsonNode rendered(Path base, boolean standby) throws IOException {
        Path directory = Files.createDirectories(Path.of("target/deploy/base-" + standby));
        Path root = directory.relativize(base.getParent());
        Files.writeString(
                directory.resolve("kustomization.yaml"),
                """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                resources: [%s/base]
                components: [%s]
                """
                        .formatted(
                                root,
                                components(standby).stream()
                                        .map(name -> root + "/components/" + name)
                                        .collect(Collectors.joining(", "))));
        return job(Kubectl.kustomize(directory));
    }

    /** As kustomize does it, as far as these patches go: a list without names is replaced. */
    private static void merge(ObjectNode into, JsonNode patch) {
        patch.properties()
                .forEach(field -> {
                    JsonNode there = into.path(field.getKey());
                    if (field.getValue().isNull()) {
                        into.remove(field.getKey());
                    } else if (there instanceof ObjectNode object) {
                        merge(object, field.getValue());
                    } else if (there instanceof ArrayNode list && isNamed(field.getValue())) {
                        field.getValue().forEach(item -> mergeItem(list, item));
                    } else {
                        into.set(field.getKey(), field.getValue());
                    }
                });
    }

    private static boolean isNamed(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).noneMatch(one -> key(one).isEmpty());
    }

    private static void mergeItem(ArrayNode list, JsonNode item) {
        StreamSupport.stream(list.spliterator(), false)
                .filter(known -> key(known).equals(key(item)))
                .findFirst()
                .ifPresentOrElse(known -> merge((ObjectNode) known, item), () -> list.add(item));
    }

    private static ObjectNode job(String documents) {
        // Jackson's own reader does not follow aliases.
        Iterable<Object> all =
                new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(documents);
        return StreamSupport.stream(all.spliterator(), false)
                .map(document -> (ObjectNode) YAML.valueToTree(document))
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
