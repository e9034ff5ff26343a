package io.flinkha.flink.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.junit.jupiter.api.Test;

class StorageLayoutTest {
    private final Map<String, String> environment = new HashMap<>();
    private final Configuration configuration = new Configuration();

    StorageLayoutTest() {
        environment.put("FLINK_HA_STORAGE_URI", "s3://bucket/ha/");
        environment.put("FLINK_HA_CLUSTER_ID", "orders");
        environment.put("FLINK_HA_NAMESPACE", "team-a");
    }

    private List<String> complete() {
        return StorageLayout.complete(configuration, environment::get).stream()
                .map(EffectiveSetting::toString)
                .collect(Collectors.toList());
    }

    private String value(String key) {
        return configuration.toMap().getOrDefault(key, "");
    }

    private String refusal() {
        return String.valueOf(
                assertThrows(IllegalConfigurationException.class, this::complete).getMessage());
    }

    @Test
    void oneUriGivesFlinkAllItsDirectories() {
        assertEquals(
                List.of(
                        "high-availability.cluster-id: orders (from FLINK_HA_CLUSTER_ID)",
                        "kubernetes.cluster-id: orders (from FLINK_HA_CLUSTER_ID)",
                        "high-availability.storageDir: s3://bucket/ha/team-a/orders/flink"
                                + " (from FLINK_HA_STORAGE_URI)",
                        "execution.checkpointing.dir: s3://bucket/ha/team-a/orders/checkpoints"
                                + " (from FLINK_HA_STORAGE_URI)",
                        "execution.checkpointing.savepoint-dir:"
                                + " s3://bucket/ha/team-a/orders/savepoints"
                                + " (from FLINK_HA_STORAGE_URI)"),
                complete());
        assertEquals("orders", value("high-availability.cluster-id"));
        assertEquals(
                "s3://bucket/ha/team-a/orders/checkpoints", value("execution.checkpointing.dir"));
    }

    @Test
    void flinksOwnOptionsWinOverTheEnvironment() {
        configuration.setString("flink-ha.storage.uri", "gs://other");
        configuration.setString("flink-ha.namespace", "team-b");
        complete();
        assertEquals("gs://other/team-b/orders/flink", value("high-availability.storageDir"));
    }

    @Test
    void whatTheUserSetStays() {
        configuration.setString("state.checkpoints.dir", "s3://mine/checkpoints");
        configuration.setString("high-availability.cluster-id", "mine");
        List<String> effective = complete();
        assertTrue(
                effective.contains("high-availability.cluster-id: mine (set by the user)"),
                effective::toString);
        assertTrue(
                effective.contains(
                        "execution.checkpointing.dir: s3://mine/checkpoints (set by the user)"),
                effective::toString);
        assertFalse(configuration.toMap().containsKey("execution.checkpointing.dir"));
        assertEquals(
                "s3://bucket/ha/team-a/orders/savepoints",
                value("execution.checkpointing.savepoint-dir"));
    }

    @Test
    void withoutAUriNothingIsDerivedButTheNames() {
        environment.put("FLINK_HA_STORAGE_URI", "");
        environment.remove("FLINK_HA_NAMESPACE");
        assertEquals(2, complete().size());
        environment.clear();
        configuration.setString("high-availability.cluster-id", "mine");
        configuration.removeKey("kubernetes.cluster-id");
        assertEquals(List.of("high-availability.cluster-id: mine (set by the user)"), complete());
    }

    @Test
    void aFullyNamedLayoutNeedsNoNamespace() {
        environment.remove("FLINK_HA_NAMESPACE");
        for (String key :
                List.of(
                        "high-availability.storageDir",
                        "execution.checkpointing.dir",
                        "execution.checkpointing.savepoint-dir")) {
            configuration.setString(key, "file:///mine");
        }
        assertEquals(5, complete().size());
    }

    @Test
    void eachFormOfUriIsTakenAsItIs() {
        Map<String, String> below =
                Map.of(
                        "file:///", "file:/team-a/orders/flink",
                        "file:/data", "file:/data/team-a/orders/flink",
                        "file:///data/ha", "file:///data/ha/team-a/orders/flink",
                        "s3://my_bucket", "s3://my_bucket/team-a/orders/flink",
                        "gs://b/p", "gs://b/p/team-a/orders/flink",
                        "abfss://c@a.dfs.core.windows.net/p",
                                "abfss://c@a.dfs.core.windows.net/p/team-a/orders/flink",
                        "wasbs://c@a.blob.core.windows.net",
                                "wasbs://c@a.blob.core.windows.net/team-a/orders/flink");
        below.forEach((uri, directory) -> {
            Configuration each = new Configuration();
            each.setString("flink-ha.storage.uri", uri);
            StorageLayout.complete(each, environment::get);
            assertEquals(directory, each.toMap().get("high-availability.storageDir"));
        });
    }

    @Test
    void aWrongUriIsOneSentenceWithoutASecret() {
        for (String wrong :
                List.of(
                        "/data",
                        "data",
                        "s3:bucket",
                        "s3:///path",
                        "hdfs://n/p",
                        "abfss://a/p",
                        "s3://b/p?sig=secret",
                        "s3://key:secret@b/p",
                        "s3://b/{secret}?")) {
            configuration.setString("flink-ha.storage.uri", wrong);
            String refusal = refusal();
            assertTrue(refusal.startsWith("flink-ha.storage.uri is '"), refusal);
            assertFalse(refusal.contains("=secret") || refusal.contains(":secret"), refusal);
        }
    }

    @Test
    void aMissingOrWrongNameIsNamed() {
        environment.remove("FLINK_HA_NAMESPACE");
        assertTrue(refusal().startsWith("flink-ha.namespace is missing"), this::refusal);
        assertTrue(refusal().contains("FLINK_HA_NAMESPACE"), this::refusal);
        environment.put("FLINK_HA_NAMESPACE", "team/a");
        assertTrue(refusal().startsWith("FLINK_HA_NAMESPACE is 'team/a'"), this::refusal);
        environment.remove("FLINK_HA_CLUSTER_ID");
        environment.put("FLINK_HA_NAMESPACE", "team-a");
        assertTrue(refusal().startsWith("flink-ha.cluster-id is missing"), this::refusal);
    }

    @Test
    void aMissingPluginIsNamedWithItsPlace() {
        List<EffectiveSetting> effective = StorageLayout.complete(configuration, environment::get);
        String refusal =
                String.valueOf(
                        assertThrows(
                                        IllegalConfigurationException.class,
                                        () -> StorageLayout.requireFileSystems(effective, "2.3.0"))
                                .getMessage());
        assertEquals(
                "high-availability.storageDir: s3://bucket/ha/team-a/orders/flink"
                        + " (from FLINK_HA_STORAGE_URI) needs a file system that this Flink does"
                        + " not have: copy flink-s3-fs-hadoop-2.3.0.jar from Flink's opt/ into"
                        + " plugins/s3-fs-hadoop/, in the containers of the JobManager and of the"
                        + " TaskManagers.",
                refusal);
        StorageLayout.requireFileSystems(
                List.of(new EffectiveSetting("x", "file:///data", "set by the user")), "2.3.0");
    }
}
