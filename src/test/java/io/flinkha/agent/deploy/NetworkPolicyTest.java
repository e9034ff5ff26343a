package io.flinkha.agent.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The policies are for the pods that are deployed, and name all of their ports but no others. */
class NetworkPolicyTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    static List<String> pods() {
        return Kubectl.isAtHand() ? List.of("jobmanager", "taskmanager") : List.of();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pods")
    void onlyTheApplicationsPodsReachFlink(String name) throws IOException {
        List<JsonNode> objects = rendered();
        JsonNode pod = object(objects, name, "Job", "Deployment").at("/spec/template");
        JsonNode policy = object(objects, name, "NetworkPolicy").at("/spec");
        JsonNode labels = pod.at("/metadata/labels");
        policy.at("/podSelector/matchLabels")
                .properties()
                .forEach(label -> assertEquals(label.getValue(), labels.get(label.getKey())));
        JsonNode own = policy.at("/ingress/0");
        assertEquals(
                labels.get("app.kubernetes.io/name"),
                own.at("/from/0/podSelector/matchLabels/app.kubernetes.io~1name"));
        Set<Integer> opened = ports(own.at("/ports"), "port");
        Set<Integer> listening = ports(pod.at("/spec/containers/0/ports"), "containerPort");
        // TaskManagers send each other data on ports that nobody chose.
        assertEquals(name.equals("taskmanager") ? Set.of() : listening, opened);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pods")
    void metricsAreForPrometheus(String name) throws IOException {
        List<JsonNode> objects = rendered();
        JsonNode agent =
                stream(
                                object(objects, name, "Job", "Deployment")
                                        .at("/spec/template/spec/initContainers"))
                        .filter(container ->
                                container.at("/name").asText().equals("flink-ha-agent"))
                        .findFirst()
                        .orElse(YAML.createObjectNode());
        assertEquals(
                ports(agent.at("/ports"), "containerPort"),
                ports(object(objects, name, "NetworkPolicy").at("/spec/ingress/1/ports"), "port"));
    }

    private static List<JsonNode> rendered() throws IOException {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class)
                        .readValues(
                                Kustomization.NETWORK_POLICY.render("network-policy").toFile())) {
            return documents.readAll();
        }
    }

    private static JsonNode object(List<JsonNode> objects, String name, String... kinds) {
        return objects.stream()
                .filter(object -> List.of(kinds).contains(object.at("/kind").asText()))
                .filter(object -> object.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Set<Integer> ports(JsonNode ports, String field) {
        Set<Integer> all = new TreeSet<>();
        ports.forEach(port -> all.add(port.get(field).asInt()));
        return all;
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
