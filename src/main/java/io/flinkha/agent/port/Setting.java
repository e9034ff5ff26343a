package io.flinkha.agent.port;

/**
 * A setting in effect, as people are shown it.
 *
 * @param source in words: who or what gave the value
 */
public record Setting(String name, String value, String source) {
    @Override
    public String toString() {
        return "%s: %s (%s)".formatted(name, value, source);
    }
}
