package io.flinkha.agent.core.manifest;

/**
 * A completed checkpoint, as a pointer.
 *
 * @param id Flink's checkpoint id
 * @param path the checkpoint's directory: what {@code execution.state-recovery.path} takes
 * @param metadata its {@code _metadata} file
 * @param metadataBytes length of that file
 * @param timestamp milliseconds since 1970 when it was triggered
 * @param completedAt milliseconds since 1970 when it was complete
 */
public record Checkpoint(
        long id,
        String path,
        String metadata,
        long metadataBytes,
        long timestamp,
        long completedAt) {}
