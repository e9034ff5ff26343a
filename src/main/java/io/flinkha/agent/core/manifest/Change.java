package io.flinkha.agent.core.manifest;

import java.util.Set;

/**
 * What a JobManager may ask to have recorded. Each is idempotent: asked for again, it changes
 * nothing.
 */
public sealed interface Change {

    /** Appends a checkpoint and drops the oldest beyond {@code maxRetained}. */
    record AddCheckpoint(String jobId, int maxRetained, Checkpoint checkpoint) implements Change {}

    /**
     * Hands out the next {@code count} checkpoint ids to a process that holds those below {@code
     * reservedTo}.
     */
    record ReserveIds(long reservedTo, int count) implements Change {}

    /** References a plan that lies in storage already. */
    record StorePlan(String jobId, String jobName, PlanRef plan) implements Change {}

    /** Drops the reference to the plan of a job that is over, or that cannot be used. */
    record DropPlan(String jobId, String reason) implements Change {}

    /** Records which candidate a RESTORE took, or which older checkpoint a RESUME fell back to. */
    record RecordRestore(String path) implements Change {}

    /** Records a completed savepoint, if it is the newest. */
    record RecordSavepoint(Savepoint savepoint) implements Change {}

    /**
     * Retires all earlier runs but the last {@code keep}: the files of their states may go then.
     */
    record RetireRuns(int keep) implements Change {}

    /** These earlier runs were swept: those without a state are forgotten. */
    record RecordSweep(Set<String> jobIds) implements Change {
        public RecordSweep {
            jobIds = Set.copyOf(jobIds);
        }
    }

    /** Records that the run ended for good. */
    record RecordResult(JobResult result) implements Change {}
}
