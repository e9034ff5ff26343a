package io.flinkha.agent.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kubernetes up to 1.34 refuses a Job with restart rules: who wants them says so. */
class RestartRulesTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    private static final Set<Kustomization> WITH_THEM =
            EnumSet.of(Kustomization.WITH_RULES, Kustomization.E2E);

    static List<Kustomization> kustomizations() {
        return Kubectl.isAtHand() ? Kustomization.all() : List.of();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("kustomizations")
    void areInNothingThatDoesNotNameThem(Kustomization kustomization) throws IOException {
        String name = "rules-" + kustomization.name().toLowerCase(Locale.ROOT).replace('_', '-');
        assertEquals(
                WITH_THEM.contains(kustomization),
                Files.readString(kustomization.render(name)).contains("restartPolicyRules"));
    }

    /** Every account may read the version: a token is all that the injector needs for it. */
    @Test
    void theInjectorMayAskForTheVersionAndForNothingElse() throws IOException {
        List<JsonNode> objects = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(Path.of("deploy/injector"), "*.yaml")) {
            for (Path file : files) {
                objects.addAll(
                        YAML.readerFor(JsonNode.class)
                                .<JsonNode>readValues(Files.readString(file))
                                .readAll());
            }
        }
        List<JsonNode> pods =
                objects.stream()
                        .filter(object -> object.path("kind").asText().equals("Deployment"))
                        .map(deployment -> deployment.path("spec").path("template").path("spec"))
                        .toList();
        assertEquals(1, pods.size());
        assertTrue(pods.get(0).path("automountServiceAccountToken").asBoolean());
        assertEquals(
                List.of(),
                objects.stream()
                        .filter(object -> object.path("kind").asText().endsWith("RoleBinding"))
                        .toList());
    }
}
