package io.flinkha.flink.agent;

import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;

/** A run of this cluster-id before the current one, whose files may go. */
public final class EarlierRun {
    private final JobID jobId;
    private final String path;
    private final boolean kept;

    EarlierRun(String jobId, String path, boolean kept) {
        this.jobId = JobID.fromHexString(jobId);
        this.path = path;
        this.kept = kept;
    }

    public JobID jobId() {
        return jobId;
    }

    /** What it ended with; empty if nothing is left of that. */
    public String path() {
        return path;
    }

    /** Whether what it ended with stays. */
    public boolean isKept() {
        return kept;
    }

    /**
     * Where its files lie: only directories that are named after its job, and so its alone.
     *
     * @param own the current run's directory
     */
    public Set<Path> directories(Path own, JobID current) {
        Set<Path> found = new LinkedHashSet<>();
        if (own.getName().equals(current.toHexString()) && own.getParent() != null) {
            found.add(new Path(own.getParent(), jobId.toHexString()));
        }
        if (!path.isEmpty()) {
            Path last = new Path(path);
            Path checkpoint =
                    last.getName().equals(AbstractFsCheckpointStorageAccess.METADATA_FILE_NAME)
                            ? last.getParent()
                            : last;
            Path parent = checkpoint.getParent();
            if (parent != null && parent.getName().equals(jobId.toHexString())) {
                found.add(parent);
            }
        }
        return found;
    }
}
