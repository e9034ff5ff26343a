package io.flinkha.agent.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The settings as they were given; what is wrong with them is collected, to be told at once. */
final class Given {
    private final Function<AgentSetting<?>, Optional<String>> values;
    private final List<String> mistakes = new ArrayList<>();

    Given(Function<AgentSetting<?>, Optional<String>> values) {
        this.values = values;
    }

    /** The default of one that was not given, or is wrong. */
    <T> T get(AgentSetting<T> setting) {
        return find(setting).orElseGet(setting::byDefault);
    }

    <T> Optional<T> find(AgentSetting<T> setting) {
        return given(setting).flatMap(value -> read(setting, value));
    }

    boolean isGiven(AgentSetting<?> setting) {
        return given(setting).isPresent();
    }

    /** Empty for one that was not given, or is wrong. */
    String required(AgentSetting<String> setting) {
        if (given(setting).isEmpty()) {
            wrong(
                    "%s is missing: set it, or the environment variable %s."
                            .formatted(setting.name(), setting.variable()));
        }
        return find(setting).orElse("");
    }

    private Optional<String> given(AgentSetting<?> setting) {
        return values.apply(setting).filter(value -> !value.isBlank());
    }

    private <T> Optional<T> read(AgentSetting<T> setting, String value) {
        try {
            return Optional.of(setting.kind().read(value));
        } catch (IllegalArgumentException e) {
            wrong("%s is '%s': %s.".formatted(setting.name(), value, setting.kind().instead()));
            return Optional.empty();
        }
    }

    void wrong(String sentence) {
        mistakes.add(sentence);
    }

    void wrong(List<String> sentences) {
        mistakes.addAll(sentences);
    }

    void check() throws CheckedConfig.WrongConfig {
        if (!mistakes.isEmpty()) {
            throw new CheckedConfig.WrongConfig(mistakes);
        }
    }
}
