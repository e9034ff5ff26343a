package io.flinkha.flink.agent;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a completed checkpoint lies: what the manifest keeps of it. */
public final class Pointer {
    private final long id;
    private final String path;
    private final String metadata;
    private final long metadataBytes;
    private final long timestamp;
    private final long completedAt;

    public Pointer(
            long id,
            String path,
            String metadata,
            long metadataBytes,
            long timestamp,
            long completedAt) {
        this.id = id;
        this.path = path;
        this.metadata = metadata;
        this.metadataBytes = metadataBytes;
        this.timestamp = timestamp;
        this.completedAt = completedAt;
    }

    public long id() {
        return id;
    }

    /** The checkpoint's directory, which Flink also takes as restore path. */
    public String path() {
        return path;
    }

    /** The {@code _metadata} file. */
    public String metadata() {
        return metadata;
    }

    public long metadataBytes() {
        return metadataBytes;
    }

    public long timestamp() {
        return timestamp;
    }

    public long completedAt() {
        return completedAt;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Pointer)) {
            return false;
        }
        Pointer that = (Pointer) other;
        return id == that.id
                && path.equals(that.path)
                && metadata.equals(that.metadata)
                && metadataBytes == that.metadataBytes
                && timestamp == that.timestamp
                && completedAt == that.completedAt;
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, path);
    }

    @Override
    public String toString() {
        return "checkpoint " + id + " at " + path;
    }
}
