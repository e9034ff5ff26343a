package io.flinkha.flink;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.flink.client.deployment.application.executors.EmbeddedExecutor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.util.FlinkException;
import org.junit.jupiter.api.Test;

class LineTest {
    @Test
    void onlyAnApplicationsJobManagerIsServed() throws Exception {
        Configuration configuration = new Configuration();
        Exception refusal =
                assertThrows(FlinkException.class, () -> Line.requireApplication(configuration));
        assertTrue(String.valueOf(refusal.getMessage()).contains("session cluster"));
        configuration.set(DeploymentOptions.TARGET, EmbeddedExecutor.NAME);
        Line.requireApplication(configuration);
    }
}
