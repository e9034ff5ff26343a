package io.flinkha.agent.adapter.status;

import io.flinkha.agent.port.Setting;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/** The agent's own {@code flink-ha.storage.*}, and where each value came from. */
final class StorageSettings {
    private static final String PREFIX = "flink-ha.storage.";

    private StorageSettings() {}

    static List<Setting> of(SmallRyeConfig config) {
        return StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith(PREFIX))
                .distinct()
                .sorted()
                .map(config::getConfigValue)
                .filter(found -> found.getValue() != null && !found.getValue().isBlank())
                .map(found ->
                        new Setting(
                                found.getName(), withoutSecrets(found.getValue()), source(found)))
                .toList();
    }

    private static String source(ConfigValue found) {
        String source = found.getSourceName();
        if (source == null || source.startsWith("DefaultValues")) {
            return "default";
        }
        if (source.startsWith("EnvConfigSource")) {
            return "environment variable "
                    + found.getName().toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
        }
        if (source.startsWith("SysPropConfigSource")) {
            return "system property";
        }
        return source.contains("application.properties") ? "application.properties" : source;
    }

    /** Credentials have their own variables; this is for who put them into a URI all the same. */
    static String withoutSecrets(String uri) {
        return uri.replaceAll("//[^/@]*:[^/@]*@", "//***@").replaceAll("\\?.*", "?***");
    }
}
