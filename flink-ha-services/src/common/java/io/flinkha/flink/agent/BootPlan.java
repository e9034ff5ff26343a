package io.flinkha.flink.agent;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What this process is to start, decided by the agent and given with the grant. */
public final class BootPlan {
    /** What becomes of the user's main(). */
    public enum Kind {
        /** main() runs, without state. */
        FRESH,
        /** The stored plan runs, main() does not. */
        RESUME,
        /** main() runs, and starts from one of the candidates. */
        RESTORE
    }

    /** What a run was, or is to be, restored from. */
    public static final class Restore {
        private final String path;
        private final String claimMode;
        private final boolean allowNonRestoredState;

        Restore(String path, String claimMode, boolean allowNonRestoredState) {
            this.path = path;
            this.claimMode = claimMode;
            this.allowNonRestoredState = allowNonRestoredState;
        }

        public String path() {
            return path;
        }

        public String claimMode() {
            return claimMode;
        }

        public boolean allowNonRestoredState() {
            return allowNonRestoredState;
        }
    }

    /** The stored plan of a RESUME. */
    public static final class Snapshot {
        private final String sha256;
        private final long bytes;

        Snapshot(String sha256, long bytes) {
            this.sha256 = sha256;
            this.bytes = bytes;
        }

        public String sha256() {
            return sha256;
        }

        long bytes() {
            return bytes;
        }
    }

    private final Kind kind;
    private final String reason;
    private final String jobId;
    private final long reservedTo;
    private final String jobName;
    private final @Nullable Snapshot snapshot;
    private final List<Pointer> checkpoints;
    private final @Nullable Restore restoredFrom;
    private final List<Restore> candidates;
    private final boolean olderCheckpointAllowed;

    BootPlan(
            Kind kind,
            String reason,
            String jobId,
            long reservedTo,
            String jobName,
            @Nullable Snapshot snapshot,
            List<Pointer> checkpoints,
            @Nullable Restore restoredFrom,
            List<Restore> candidates,
            boolean olderCheckpointAllowed) {
        this.kind = kind;
        this.reason = reason;
        this.jobId = jobId;
        this.reservedTo = reservedTo;
        this.jobName = jobName;
        this.snapshot = snapshot;
        this.checkpoints = List.copyOf(checkpoints);
        this.restoredFrom = restoredFrom;
        this.candidates = List.copyOf(candidates);
        this.olderCheckpointAllowed = olderCheckpointAllowed;
    }

    public Kind kind() {
        return kind;
    }

    public String reason() {
        return reason;
    }

    public String jobId() {
        return jobId;
    }

    /** Every checkpoint id below it is spent. */
    public long reservedTo() {
        return reservedTo;
    }

    /** The stored job's name; empty unless RESUME. */
    public String jobName() {
        return jobName;
    }

    /** The stored plan; empty unless RESUME. */
    public Optional<Snapshot> snapshot() {
        return Optional.ofNullable(snapshot);
    }

    /** The run's own completed checkpoints, oldest first. */
    public List<Pointer> checkpoints() {
        return checkpoints;
    }

    public Optional<Restore> restoredFrom() {
        return Optional.ofNullable(restoredFrom);
    }

    /** What a RESTORE may start from, in order. */
    public List<Restore> candidates() {
        return candidates;
    }

    /** Whether a RESUME may go back to an older own checkpoint where the latest is lost. */
    public boolean isOlderCheckpointAllowed() {
        return olderCheckpointAllowed;
    }
}
