package io.flinkha.agent.core.manifest;

/**
 * What a run was restored from. Kept apart from the run's own checkpoints: Flink does not own these
 * files.
 */
public record RestoredFrom(String path, String claimMode, boolean allowNonRestoredState) {}
