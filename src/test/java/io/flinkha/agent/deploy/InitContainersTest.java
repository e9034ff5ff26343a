package io.flinkha.agent.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A patch may put what it names before what was there. */
class InitContainersTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    static List<Kustomization> kustomizations() {
        return Kubectl.isAtHand() ? Kustomization.all() : List.of();
    }

    /** It may wait for the Lease: what else a pod prepares shall be done by then. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("kustomizations")
    void theAgentIsTheLast(Kustomization kustomization) throws IOException {
        String name = "last-" + kustomization.name().toLowerCase(Locale.ROOT).replace('_', '-');
        List<String> agents =
                YAML
                        .readerFor(JsonNode.class)
                        .<JsonNode>readValues(Files.readString(kustomization.render(name)))
                        .readAll()
                        .stream()
                        .filter(object -> object.path("kind").asText().equals("Job"))
                        .map(job -> job.at("/spec/template/spec/initContainers"))
                        .map(all -> StreamSupport.stream(all.spliterator(), false).toList())
                        .map(all -> all.getLast().path("name").asText())
                        .toList();
        assertEquals(List.of("flink-ha-agent"), agents);
    }
}
