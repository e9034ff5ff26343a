package io.flinkha.flink.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void theAgentIsOnLoopbackOrNowhere() {
        Configuration configuration = new Configuration();
        configuration.set(AgentOptions.AGENT_ADDRESS, "http://10.0.0.7:8480");
        assertThrows(IllegalConfigurationException.class, () -> Settings.of(configuration));
        configuration.set(AgentOptions.AGENT_ADDRESS, "http://127.0.0.1:8481");
        assertEquals(8481, Settings.of(configuration).agent().getPort());
    }

    @Test
    void thePlanStoreIsSwitchedUnderItsOtherNames() {
        assertTrue(Settings.of(new Configuration()).planStoreEnabled());
        for (String key :
                List.of(
                        "flink-ha.plan-store.enabled",
                        "high-availability.kubernetes.job-graph-store.enabled",
                        "high-availability.vvp-kubernetes.job-graph-store.enabled")) {
            Configuration configuration = new Configuration();
            configuration.setString(key, "false");
            assertFalse(Settings.of(configuration).planStoreEnabled(), key);
        }
    }

    @Test
    void checkpointsInTheHeapAreRefusedByName() {
        Configuration configuration = new Configuration();
        Settings.refuseJobManagerStorage(configuration);
        configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "JobManager");
        Exception refusal =
                assertThrows(
                        IllegalConfigurationException.class,
                        () -> Settings.refuseJobManagerStorage(configuration));
        assertTrue(
                String.valueOf(refusal.getMessage()).contains("execution.checkpointing.storage"));
    }

    @Test
    void aPythonProgramIsRefused() {
        Configuration configuration = new Configuration();
        configuration.set(AgentOptions.JOB_CLASS, "org.apache.flink.client.python.PythonDriver");
        Exception refusal =
                assertThrows(IllegalConfigurationException.class, () -> Settings.of(configuration));
        assertTrue(String.valueOf(refusal.getMessage()).contains("Python"));
    }
}
