package io.flinkha.agent.adapter.status;

import io.flinkha.agent.port.Setting;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The agent's own {@code flink-ha.*}, and where each value came from. */
final class EffectiveSettings {
    static final String BY_DEFAULT = "default";

    private static final String PREFIX = "flink-ha.";

    /** It is another process's. */
    private static final String INJECTOR = "flink-ha.injector.";

    /** Quarkus' own settings, given through ours: nothing else names these. */
    private static final Map<String, String> PORTS =
            Map.of(
                    "flink-ha.control.port", "quarkus.http.port",
                    "flink-ha.management.port", "quarkus.management.port");

    private EffectiveSettings() {}

    static List<Setting> of(SmallRyeConfig config) {
        return Stream.concat(
                        StreamSupport.stream(config.getPropertyNames().spliterator(), false),
                        PORTS.keySet().stream())
                .filter(name -> name.startsWith(PREFIX) && !name.startsWith(INJECTOR))
                .distinct()
                .sorted()
                .map(name -> setting(config, name))
                .filter(setting -> !setting.value().isBlank())
                .toList();
    }

    private static Setting setting(SmallRyeConfig config, String name) {
        ConfigValue found = config.getConfigValue(name);
        if (found.getValue() == null && PORTS.containsKey(name)) {
            String value = config.getConfigValue(PORTS.get(name)).getValue();
            return new Setting(name, value == null ? "" : value, BY_DEFAULT);
        }
        String value = found.getValue() == null ? "" : found.getValue();
        return new Setting(name, withoutSecrets(value), source(found));
    }

    private static String source(ConfigValue found) {
        String source = found.getSourceName();
        if (source == null || source.startsWith("DefaultValues")) {
            return BY_DEFAULT;
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
