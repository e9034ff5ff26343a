package io.flinkha.agent.config;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * One setting: what it is called, what it may be, and what people are told of it.
 *
 * @param key its name without {@code flink-ha.}
 * @param standard what holds where nobody gives it, as it would be given; empty for nothing
 * @param inWords what the document says where there is no such value
 * @param annotation of an injected Job that may give it, without the prefix: what somebody may want
 *     to say of one application; empty for what follows from its pod
 * @param option the one of the commands that stands for it
 * @param meaning as the document says it
 */
public record AgentSetting<T>(
        String key,
        Kind<T> kind,
        String standard,
        String inWords,
        String annotation,
        @Nullable Option option,
        String meaning) {

    /** On the command line. */
    public record Option(String name, String description) {}

    AgentSetting(String key, Kind<T> kind) {
        this(key, kind, "", "empty", "", null, "");
    }

    AgentSetting<T> byDefault(String value) {
        return new AgentSetting<>(key, kind, value, inWords, annotation, option, meaning);
    }

    AgentSetting<T> otherwise(String words) {
        return new AgentSetting<>(key, kind, standard, words, annotation, option, meaning);
    }

    AgentSetting<T> ofAJob() {
        return ofAJob(key);
    }

    AgentSetting<T> ofAJob(String name) {
        return new AgentSetting<>(key, kind, standard, inWords, name, option, meaning);
    }

    AgentSetting<T> option(String name, String description) {
        return new AgentSetting<>(
                key, kind, standard, inWords, annotation, new Option(name, description), meaning);
    }

    AgentSetting<T> means(String words) {
        return new AgentSetting<>(key, kind, standard, inWords, annotation, option, words);
    }

    public boolean isOfAJob() {
        return !annotation.isEmpty();
    }

    public String name() {
        return "flink-ha." + key;
    }

    /** The environment variable that it is read from. */
    public String variable() {
        return name().toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    /** What holds where nobody gives it. */
    public T byDefault() {
        return kind.read(standard);
    }

    /**
     * What holds.
     *
     * @param given by the keys; IllegalArgumentException for what the agent would not start with
     */
    public T in(Map<String, String> given) {
        return kind.read(given.getOrDefault(key, standard));
    }

    /** As {@link #in(Map)}. */
    public T in(Config config) {
        return kind.read(
                config.getOptionalValue(name(), String.class)
                        .filter(value -> !value.isBlank())
                        .orElse(standard));
    }

    /** What to do about a value that the agent would not start with, or misunderstand. */
    public Optional<String> mistake(String value) {
        return kind.takesOfAJob(value) ? Optional.empty() : Optional.of(kind.instead());
    }
}
