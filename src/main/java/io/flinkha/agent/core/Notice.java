package io.flinkha.agent.core;

/**
 * Something that people should read in {@code kubectl describe}.
 *
 * @param reason CamelCase, as Kubernetes has it
 */
public record Notice(Kind kind, String reason, String message) {

    public enum Kind {
        NORMAL,
        WARNING
    }
}
