package io.flinkha.agent.core.manifest;

/**
 * A completed savepoint.
 *
 * @param jobId of the run that took it
 * @param completedAt milliseconds since 1970
 */
public record Savepoint(String jobId, String path, long completedAt) {}
