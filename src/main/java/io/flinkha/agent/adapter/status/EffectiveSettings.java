package io.flinkha.agent.adapter.status;

import io.flinkha.agent.port.Setting;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The agent's own {@code flink-ha.*}, and where each value came from. */
final class EffectiveSettings {
    static final String BY_DEFAULT = "default";

    private EffectiveSettings() {}

    /**
     * @param defaults what holds where nothing is given, empty for nothing, by the names
     */
    static List<Setting> of(SmallRyeConfig config, Map<String, String> defaults) {
        return defaults.entrySet().stream()
                .map(one -> setting(config, one.getKey(), one.getValue()))
                .filter(setting -> !setting.value().isBlank())
                .toList();
    }

    private static Setting setting(SmallRyeConfig config, String name, String byDefault) {
        ConfigValue found = config.getConfigValue(name);
        String value = found.getValue();
        return value == null || value.isBlank()
                ? new Setting(name, byDefault, BY_DEFAULT)
                : new Setting(name, withoutSecrets(value), source(found));
    }

    private static String source(ConfigValue found) {
        String source = String.valueOf(found.getSourceName());
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
