package io.flinkha.agent.core.manifest;

/**
 * A state that a run can start from.
 *
 * @param completedAt milliseconds since 1970, 0 if that is not known
 */
public record Restorable(String path, long completedAt) {}
