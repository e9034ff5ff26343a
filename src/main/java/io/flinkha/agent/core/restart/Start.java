package io.flinkha.agent.core.restart;

import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.RestoredFrom;
import io.flinkha.agent.core.manifest.RestoredFrom.ClaimMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a starting JobManager does; handed out with the grant, computed from the manifest that the
 * epoch's claim wrote.
 */
public sealed interface Start {

    /** main() runs, without state. */
    record Fresh(String reason, String jobId, long reservedTo) implements Start {}

    /** The stored plan runs from the run's last checkpoint; main() does not run. */
    record Resume(
            String reason,
            String jobId,
            String jobName,
            PlanRef plan,
            long reservedTo,
            List<Checkpoint> checkpoints,
            @Nullable RestoredFrom restoredFrom,
            boolean allowOlderCheckpoint)
            implements Start {}

    /** main() runs and starts from the first candidate that can be opened. */
    record Restore(
            String reason,
            String jobId,
            long reservedTo,
            List<String> candidates,
            ClaimMode claimMode,
            boolean allowNonRestoredState)
            implements Start {}

    /** The JobManager ends at once. */
    record Halt(Refusal refusal, ExitCode code) implements Start {}
}
