package io.flinkha.agent.config;

import io.flinkha.agent.config.AgentSettings.RestartRules;
import org.eclipse.microprofile.config.Config;

/**
 * The injector's configuration after it was found to be right.
 *
 * @param agentImage where a Job names no other
 * @param storageUri where a Job names none; may be empty
 */
public record InjectorConfig(String agentImage, String storageUri, RestartRules restartRules) {
    public static InjectorConfig of(Config config) throws CheckedConfig.WrongConfig {
        Given given = new Given(setting -> config.getOptionalValue(setting.name(), String.class));
        InjectorConfig checked =
                new InjectorConfig(
                        given.get(AgentSettings.INJECTOR_AGENT_IMAGE),
                        given.find(AgentSettings.INJECTOR_STORAGE_URI).orElse(""),
                        given.get(AgentSettings.INJECTOR_RESTART_RULES));
        given.check();
        return checked;
    }
}
