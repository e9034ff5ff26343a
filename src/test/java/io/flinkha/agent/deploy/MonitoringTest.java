package io.flinkha.agent.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Against the types of the Prometheus operator; no API server knows them by itself. */
class MonitoringTest {
    private static final Path MONITORING = Path.of("deploy/components/monitoring");

    /** Where the description of an alert sends people. */
    private static final Pattern PLACE = Pattern.compile("docs/OPERATIONS\\.md, (.+)\\.$");

    private static final ObjectMapper STRICT =
            new YAMLMapper().setAnnotationIntrospector(new WithoutAnySetter());

    /** The types would keep whatever they do not know. */
    private static final class WithoutAnySetter extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated member) {
            return false;
        }
    }

    private static String text(String file) throws IOException {
        return Files.readString(MONITORING.resolve(file));
    }

    @Test
    void scrapeIsAPodMonitor() throws IOException {
        PodMonitor monitor = STRICT.readValue(text("scrape.yaml"), PodMonitor.class);
        assertFalse(monitor.getSpec().getPodMetricsEndpoints().isEmpty());
    }

    @Test
    void alertsAreAPrometheusRule() throws IOException {
        PrometheusRule rule = STRICT.readValue(text("alerts.yaml"), PrometheusRule.class);
        assertTrue(rule.getSpec().getGroups().stream().noneMatch(g -> g.getRules().isEmpty()));
    }

    /** To a section that is there, and that tells of the alert if any does. */
    @Test
    void alertsSendToTheSectionThatTellsOfThem() throws IOException {
        Map<String, String> sections = new HashMap<>();
        for (String section :
                Files.readString(Path.of("docs/OPERATIONS.md")).split("(?m)^##+ ", -1)) {
            sections.put(section.lines().findFirst().orElse(""), section);
        }
        String all = String.join("", sections.values());
        List<String> wrong = new ArrayList<>();
        STRICT.readValue(text("alerts.yaml"), PrometheusRule.class).getSpec().getGroups().stream()
                .flatMap(group -> group.getRules().stream())
                .forEach(rule -> {
                    String description = rule.getAnnotations().get("description");
                    Matcher place = PLACE.matcher(description);
                    String section = place.find() ? sections.getOrDefault(place.group(1), "") : "";
                    if (section.isEmpty()
                            || (all.contains(rule.getAlert())
                                    && !section.contains(rule.getAlert()))) {
                        wrong.add(rule.getAlert() + ": " + description);
                    }
                });
        assertEquals(List.of(), wrong);
    }

    @Test
    void aMisspeltFieldIsFound() throws IOException {
        String wrong = Kustomization.replaced(text("alerts.yaml"), "labels:", "label:");
        assertThrows(
                UnrecognizedPropertyException.class,
                () -> STRICT.readValue(wrong, PrometheusRule.class));
    }
}
