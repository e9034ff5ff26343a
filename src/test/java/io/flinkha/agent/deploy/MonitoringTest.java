package io.flinkha.agent.deploy;

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
import org.junit.jupiter.api.Test;

/** Against the types of the Prometheus operator; no API server knows them by itself. */
class MonitoringTest {
    private static final Path MONITORING = Path.of("deploy/components/monitoring");

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

    @Test
    void aMisspeltFieldIsFound() throws IOException {
        String wrong = Kustomization.replaced(text("alerts.yaml"), "labels:", "label:");
        assertThrows(
                UnrecognizedPropertyException.class,
                () -> STRICT.readValue(wrong, PrometheusRule.class));
    }
}
