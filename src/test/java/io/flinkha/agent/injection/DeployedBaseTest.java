package io.flinkha.agent.injection;

import static io.flinkha.agent.injection.InjectionTest.container;
import static io.flinkha.agent.injection.InjectionTest.inject;
import static io.flinkha.agent.injection.InjectionTest.podOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * deploy/base is a plain Job and, merged into it, the patch that the injector merges into other
 * people's. That both come to the same is tried in BaseTest; here is what no merge tells.
 */
class DeployedBaseTest {
    /** What stands in both files by necessity: it says which object is meant. */
    private static final Set<String> SAME =
            Set.of(
                    ".apiVersion",
                    ".kind",
                    ".metadata.name",
                    ".spec.template.spec.containers[jobmanager].name");

    private static ObjectNode read(String file) throws IOException {
        try (InputStream in = Files.newInputStream(Path.of("deploy/base", file))) {
            return (ObjectNode) Yaml.documents(in).getFirst();
        }
    }

    @Test
    void nothingOfThePodIsToldTwice() throws IOException {
        Set<String> plain = paths("", read("jobmanager.yaml"), new TreeSet<>());
        Set<String> twice = paths("", read("agent.yaml"), new TreeSet<>());
        twice.retainAll(plain);
        assertEquals(new TreeSet<>(SAME), twice, "in deploy/base: leave it in agent.yaml alone");
    }

    /** Of all values; those of a list of named things by their names. */
    private static Set<String> paths(String at, JsonNode node, Set<String> found) {
        if (node.isObject()) {
            node.properties().forEach(one -> paths(at + "." + one.getKey(), one.getValue(), found));
        } else if (node instanceof ArrayNode list) {
            for (JsonNode one : list) {
                String key = one.has("mountPath") ? Mounts.path(one) : Json.name(one);
                paths("%s[%s]".formatted(at, key), one, found);
            }
        } else {
            found.add(at);
        }
        return found;
    }

    /** No patch can put options into a command line: there they stand by hand. */
    @Test
    void theCommandLineIsWhatTheInjectorMakesOfAPlainOne() throws IOException {
        ObjectNode job = read("jobmanager.yaml");
        job.withObjectProperty("metadata")
                .putObject("annotations")
                .put("flinkha.io/storage.uri", "s3://bucket/ha");
        ArrayNode command = (ArrayNode) container(podOf(job), "jobmanager").path("command");
        List<String> supervisor = Launch.SUPERVISOR;
        int at = supervisor.size() + 2;
        String line = command.get(at).asText().replace("$(JOB_CLASS)", "a.B");
        command.set(
                at,
                line.replaceAll(" -D(flink-ha|high-availability|jobmanager|rest)\\.\\S+", "")
                        .replace(Launch.LAUNCHER, "a.B"));
        supervisor.forEach(word -> command.remove(0));
        JsonNode injected = container(podOf(inject(job)), "jobmanager").path("command");
        assertEquals(
                options(injected.get(at).asText()),
                options(line),
                "deploy/base/jobmanager.yaml is stale: its command line has to have what the injector puts in");
    }

    private static Set<String> options(String line) {
        return new TreeSet<>(List.of(line.split("\\s+")));
    }
}
