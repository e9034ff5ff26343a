package io.flinkha.flink;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;

/** The run of the job that this process was granted: known from the grant on, and only then. */
final class Run {
    private final String jm;
    private final Grant grant;
    private final AgentOptions.OnCancel onCancel;
    private final JobID jobId;
    private final CompletableFuture<JobStatus> result = new CompletableFuture<>();
    private final CompletableFuture<Void> ending = new CompletableFuture<>();
    private final CompletableFuture<Void> recorded = new CompletableFuture<>();
    private volatile String restoredFrom;
    private volatile boolean ownCheckpoint;
    private volatile boolean planSubmitted;
    private volatile boolean planRecovered;

    Run(String jm, Grant grant, AgentOptions.OnCancel onCancel) {
        this.jm = jm;
        this.grant = grant;
        this.onCancel = onCancel;
        this.jobId = JobID.fromHexString(grant.plan().jobId());
        this.restoredFrom = grant.plan().restoredFrom().map(BootPlan.Restore::path).orElse("");
        this.ownCheckpoint = !grant.plan().checkpoints().isEmpty();
    }

    String jm() {
        return jm;
    }

    long epoch() {
        return grant.epoch();
    }

    UUID session() {
        return grant.session();
    }

    BootPlan plan() {
        return grant.plan();
    }

    JobID jobId() {
        return jobId;
    }

    boolean isResume() {
        return plan().kind() == BootPlan.Kind.RESUME;
    }

    /** What Flink starts from while the run has no checkpoint of its own; empty if nothing. */
    String restoredFrom() {
        return restoredFrom;
    }

    void restoredFrom(String path) {
        restoredFrom = path;
    }

    /** Whether this run ever completed a checkpoint, in this epoch or an earlier one. */
    boolean hasOwnCheckpoint() {
        return ownCheckpoint;
    }

    void ownCheckpointAcknowledged() {
        ownCheckpoint = true;
    }

    boolean isPlanSubmitted() {
        return planSubmitted;
    }

    void planSubmitted() {
        planSubmitted = true;
    }

    boolean isPlanRecovered() {
        return planRecovered;
    }

    void planRecovered() {
        planRecovered = true;
    }

    /** Completes when the job has come to its end and the recording of its result begins. */
    CompletableFuture<Void> ending() {
        return ending;
    }

    /** Completes when the recording is over: acknowledged, or refused. */
    CompletableFuture<Void> recorded() {
        return recorded;
    }

    /** Completes once the agent acknowledged the job's result in this epoch. */
    CompletableFuture<JobStatus> result() {
        return result;
    }

    boolean isResultAcknowledged() {
        return result.isDone();
    }

    /** Whether Flink deletes the job's files once that end of it is recorded (R17). */
    boolean discards(JobStatus end) {
        return end == JobStatus.FINISHED
                || (end == JobStatus.CANCELED && onCancel == AgentOptions.OnCancel.DISCARD);
    }

    /** Whether such an end was acknowledged in this epoch: the manifest names no file any more. */
    boolean isDiscarded() {
        return result.isDone() && discards(result.join());
    }
}
