package io.flinkha.agent.core.manifest;

import org.jspecify.annotations.Nullable;

/** Why a change is definitely not done. The sentences are told outside of the core. */
public sealed interface ChangeRefusal {

    /**
     * One application runs one job.
     *
     * @param runJobId the job of this run, null if there is no run
     */
    record OtherJob(String jobId, @Nullable String runJobId) implements ChangeRefusal {}

    record NothingRetained(int maxRetained) implements ChangeRefusal {}

    /** Recorded with another path. */
    record CheckpointElsewhere(long id, String recorded, String offered) implements ChangeRefusal {}

    record CheckpointTooOld(long id, long newest) implements ChangeRefusal {}

    record IdsNeverHandedOut(long reservedTo, long end) implements ChangeRefusal {}

    record OddCountOfIds(int count) implements ChangeRefusal {}

    record NoRunForPlan() implements ChangeRefusal {}

    record OtherRestore(String path) implements ChangeRefusal {}

    /** What came before is needed until this run has a checkpoint. */
    record NoCheckpointYet() implements ChangeRefusal {}

    record EndedOtherwise(String jobId, JobResult.Status known, JobResult.Status offered)
            implements ChangeRefusal {}
}
