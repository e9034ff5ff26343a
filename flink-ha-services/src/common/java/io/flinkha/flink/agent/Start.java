package io.flinkha.flink.agent;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What this process is to run and from where, decided by the agent and given with the grant. */
public abstract class Start {
    private final String reason;
    private final String jobId;
    private final long reservedTo;

    /** There are three kinds, and no other. */
    private Start(String reason, String jobId, long reservedTo) {
        this.reason = reason;
        this.jobId = jobId;
        this.reservedTo = reservedTo;
    }

    /** As the wire and the log name it. */
    public abstract String kind();

    /** The run's own completed checkpoints, oldest first. */
    public List<Pointer> checkpoints() {
        return List.of();
    }

    /** What Flink may load that is not the run's own. */
    public List<Origin> origins() {
        return List.of();
    }

    public final String reason() {
        return reason;
    }

    public final String jobId() {
        return jobId;
    }

    /** Every checkpoint id below it is spent. */
    public final long reservedTo() {
        return reservedTo;
    }

    /** main() runs, without state. */
    public static final class Fresh extends Start {
        Fresh(String reason, String jobId, long reservedTo) {
            super(reason, jobId, reservedTo);
        }

        @Override
        public String kind() {
            return "FRESH";
        }
    }

    /** The stored plan runs, main() does not. */
    public static final class Resume extends Start {
        private final String jobName;
        private final String planSha256;
        private final List<Pointer> checkpoints;
        private final @Nullable Origin restoredFrom;
        private final boolean olderCheckpointAllowed;

        Resume(
                String reason,
                String jobId,
                long reservedTo,
                String jobName,
                String planSha256,
                List<Pointer> checkpoints,
                @Nullable Origin restoredFrom,
                boolean olderCheckpointAllowed) {
            super(reason, jobId, reservedTo);
            this.jobName = jobName;
            this.planSha256 = planSha256;
            this.checkpoints = List.copyOf(checkpoints);
            this.restoredFrom = restoredFrom;
            this.olderCheckpointAllowed = olderCheckpointAllowed;
        }

        @Override
        public String kind() {
            return "RESUME";
        }

        @Override
        public List<Pointer> checkpoints() {
            return checkpoints;
        }

        @Override
        public List<Origin> origins() {
            return restoredFrom().map(List::of).orElse(List.of());
        }

        /** The stored job's. */
        public String jobName() {
            return jobName;
        }

        public String planSha256() {
            return planSha256;
        }

        /** What the run began with, in an earlier epoch. */
        public Optional<Origin> restoredFrom() {
            return Optional.ofNullable(restoredFrom);
        }

        /** Whether to go back to an older own checkpoint where the latest is lost. */
        public boolean isOlderCheckpointAllowed() {
            return olderCheckpointAllowed;
        }
    }

    /** main() runs, and starts from one of the candidates. */
    public static final class Restore extends Start {
        private final List<Origin> candidates;

        Restore(String reason, String jobId, long reservedTo, List<Origin> candidates) {
            super(reason, jobId, reservedTo);
            this.candidates = List.copyOf(candidates);
        }

        @Override
        public String kind() {
            return "RESTORE";
        }

        /** In the order in which they are tried. */
        @Override
        public List<Origin> origins() {
            return candidates;
        }
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
}
