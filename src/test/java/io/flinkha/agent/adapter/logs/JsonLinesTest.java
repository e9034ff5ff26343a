package io.flinkha.agent.adapter.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.LeadingState;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.manifest.Run;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
    private static final Map<String, String> WHO =
            Map.of("clusterId", "orders", "namespace", "team-a", "pod", "orders-jm-x");

    private static String line(State state, Exception thrown) {
        ExtLogRecord logged = new ExtLogRecord(Level.WARN, "a \"quoted\"\nline", "io.flinkha.Test");
        logged.setLoggerName("io.flinkha.agent");
        logged.setThrown(thrown);
        return new JsonLines(WHO, () -> state).format(logged);
    }

    @Test
    void aLineNamesItsPodItsEpochAndItsJob() {
        Manifest running =
                Manifest.EMPTY.startRun(
                        new Revision("c1", "2.3.0", "code"), new Run("job-1", "count", 7), null);
        String written = line(LeadingState.of(running), new IllegalStateException("boom"));
        assertEquals(1, written.lines().count(), written);
        JsonObject line = new JsonObject(written);
        assertEquals("WARN", line.getString("level"));
        assertEquals("io.flinkha.agent", line.getString("loggerName"));
        assertEquals("a \"quoted\"\nline", line.getString("message"));
        assertTrue(line.getString("stackTrace").contains("boom"), written);
        assertEquals("orders-jm-x", line.getString("pod"));
        assertEquals("orders", line.getString("clusterId"));
        assertEquals(7, line.getLong("epoch"));
        assertEquals("job-1", line.getString("jobId"));
    }

    @Test
    void beforeTheFirstRunThereIsNoJob() {
        assertFalse(
                new JsonObject(line(State.initial(), new IllegalStateException()))
                        .containsKey("jobId"));
    }
}
