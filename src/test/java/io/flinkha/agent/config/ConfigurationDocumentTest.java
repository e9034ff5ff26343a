package io.flinkha.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of docs/CONFIGURATION.md is made of the settings, by {@code make generate}. */
class ConfigurationDocumentTest {
    private static final Path DOCUMENT = Path.of("docs/CONFIGURATION.md");
    private static final String HEAD =
            "| key | environment variable | annotation | default | may be | meaning |\n|---|---|---|---|---|---|\n";

    /** Annotations of which the injector makes more than a variable of the agent. */
    private static final Set<AgentSetting<?>> OF_THE_INJECTOR =
            Set.of(AgentSettings.CLUSTER_ID, AgentSettings.STORAGE_URI);

    @Test
    void theDocumentHasTheSettingsAsTheyAre() throws IOException {
        String before = Files.readString(DOCUMENT);
        int start = before.indexOf(HEAD) + HEAD.length();
        String now =
                before.substring(0, start)
                        + rows()
                        + before.substring(before.indexOf("\n\n", start) + 1);
        if (Boolean.getBoolean("generate")) {
            Files.writeString(DOCUMENT, now);
        } else {
            assertEquals(now, before, "docs/CONFIGURATION.md is stale: call make generate");
        }
    }

    private static String rows() {
        return AgentSettings.all().stream()
                .map(ConfigurationDocumentTest::row)
                .collect(Collectors.joining());
    }

    private static String row(AgentSetting<?> setting) {
        String standard = setting.standard();
        String annotation =
                OF_THE_INJECTOR.contains(setting) ? setting.key() : setting.annotation();
        return "| `%s` | `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        setting.name(),
                        setting.variable(),
                        annotation.isEmpty() ? "" : "`flinkha.io/" + annotation + "`",
                        standard.isEmpty() ? setting.inWords() : "`" + standard + "`",
                        setting.kind().inWords(),
                        setting.meaning());
    }
}
