package io.flinkha.flink.agent;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which stored plan the manifest names, told to a process that waits. */
public final class PlanReference {
    private final String jobId;
    private final String sha256;
    private final long bytes;

    PlanReference(String jobId, String sha256, long bytes) {
        this.jobId = jobId;
        this.sha256 = sha256;
        this.bytes = bytes;
    }

    public String jobId() {
        return jobId;
    }

    public String sha256() {
        return sha256;
    }

    public long bytes() {
        return bytes;
    }

    /** Whether a start names this very plan. */
    public boolean is(Start start) {
        return start instanceof Start.Resume
                && start.jobId().equals(jobId)
                && ((Start.Resume) start).planSha256().equals(sha256);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PlanReference
                && jobId.equals(((PlanReference) other).jobId)
                && sha256.equals(((PlanReference) other).sha256)
                && bytes == ((PlanReference) other).bytes;
    }

    @Override
    public int hashCode() {
        return Objects.hash(jobId, sha256, bytes);
    }

    @Override
    public String toString() {
        return "the stored plan of job " + jobId + " (sha256 " + sha256 + ")";
    }
}
