package io.flinkha.flink.agent;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What this process is to run and from where, decided by the agent and given with the grant. */
public final class Start {
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
    public static final class Origin {
        private final String path;
        private final String claimMode;
        private final boolean allowNonRestoredState;

        Origin(String path, String claimMode, boolean allowNonRestoredState) {
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

    private final Kind kind;
    private final String reason;
    private final String jobId;
    private final long reservedTo;
    private final String jobName;
    private final String planSha256;
    private final List<Pointer> checkpoints;
    private final @Nullable Origin restoredFrom;
    private final List<Origin> candidates;
    private final boolean olderCheckpointAllowed;

    Start(
            Kind kind,
            String reason,
            String jobId,
            long reservedTo,
            String jobName,
            String planSha256,
            List<Pointer> checkpoints,
            @Nullable Origin restoredFrom,
            List<Origin> candidates,
            boolean olderCheckpointAllowed) {
        this.kind = kind;
        this.reason = reason;
        this.jobId = jobId;
        this.reservedTo = reservedTo;
        this.jobName = jobName;
        this.planSha256 = planSha256;
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

    /** The stored plan's; empty unless RESUME. */
    public String planSha256() {
        return planSha256;
    }

    /** The run's own completed checkpoints, oldest first. */
    public List<Pointer> checkpoints() {
        return checkpoints;
    }

    public Optional<Origin> restoredFrom() {
        return Optional.ofNullable(restoredFrom);
    }

    /** What a RESTORE may start from, in order. */
    public List<Origin> candidates() {
        return candidates;
    }

    /** Whether a RESUME may go back to an older own checkpoint where the latest is lost. */
    public boolean isOlderCheckpointAllowed() {
        return olderCheckpointAllowed;
    }
}
