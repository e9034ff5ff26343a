package io.flinkha.agent.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kubernetes up to 1.34 refuses a Job with restart rules: who wants them says so. */
class RestartRulesTest {
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
}
