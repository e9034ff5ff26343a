package io.flinkha.agent.core.manifest;

import org.jspecify.annotations.Nullable;

/**
 * The Kubernetes Job is to be suspended because its job has failed: an intent, written before the
 * Job is told. Whether it was suspended, and resumed since, only the Job itself can prove.
 *
 * @param jobUid of that Job
 * @param resumedAt when it had been resumed last, as it said then; null if never
 */
public record Parked(String jobUid, @Nullable String resumedAt) {}
