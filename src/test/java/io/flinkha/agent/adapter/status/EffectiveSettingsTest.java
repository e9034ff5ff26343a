package io.flinkha.agent.adapter.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkha.agent.port.Setting;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EffectiveSettingsTest {
    @Test
    void eachSettingSaysWhereItCameFrom() {
        SmallRyeConfig config =
                new SmallRyeConfigBuilder()
                        .withSources(
                                new EnvConfigSource(
                                        Map.of(
                                                "FLINK_HA_STORAGE_TIMEOUT",
                                                "5s",
                                                "FLINK_HA_CONTROL_PORT",
                                                "9"),
                                        300),
                                new PropertiesConfigSource(
                                        Map.of("flink-ha.storage.uri", "s3://b/p"),
                                        "PropertiesConfigSource[source=file:/x/application.properties]",
                                        250))
                        .build();
        assertEquals(
                List.of(
                        new Setting(
                                "flink-ha.control.port",
                                "9",
                                "environment variable FLINK_HA_CONTROL_PORT"),
                        new Setting("flink-ha.lease.duration", "60s", "default"),
                        new Setting("flink-ha.management.port", "8481", "default"),
                        new Setting(
                                "flink-ha.storage.timeout",
                                "5s",
                                "environment variable FLINK_HA_STORAGE_TIMEOUT"),
                        new Setting("flink-ha.storage.uri", "s3://b/p", "application.properties")),
                EffectiveSettings.of(
                        config,
                        new TreeMap<>(
                                Map.of(
                                        "flink-ha.control.port", "8480",
                                        "flink-ha.lease.duration", "60s",
                                        "flink-ha.management.port", "8481",
                                        "flink-ha.restore.path", "",
                                        "flink-ha.storage.timeout", "30s",
                                        "flink-ha.storage.uri", ""))));
    }

    @Test
    void noSecretIsShown() {
        assertEquals("s3://***@b/p", EffectiveSettings.withoutSecrets("s3://key:secret@b/p"));
        assertEquals("s3://b/p?***", EffectiveSettings.withoutSecrets("s3://b/p?sig=secret"));
        assertEquals(
                "abfss://container@account/p",
                EffectiveSettings.withoutSecrets("abfss://container@account/p"));
    }
}
