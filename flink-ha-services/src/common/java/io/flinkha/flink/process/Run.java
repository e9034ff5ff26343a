package io.flinkha.flink.process;

import io.flinkha.flink.agent.Grant;
import io.flinkha.flink.agent.Start;
import io.flinkha.flink.config.AgentOptions;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;

/** The run of the job that this process was granted: known from the grant on, and only then. */
public final class Run {
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

    public Run(Grant grant, AgentOptions.OnCancel onCancel) {
        this.grant = grant;
        this.onCancel = onCancel;
        this.jobId = JobID.fromHexString(grant.start().jobId());
        this.restoredFrom =
                resumed(grant.start())
                        .flatMap(Start.Resume::restoredFrom)
                        .map(Start.Origin::path)
                        .orElse("");
        this.ownCheckpoint = !grant.start().checkpoints().isEmpty();
    }

    /** What calls to the agent are made with. */
    public Grant grant() {
        return grant;
    }

    public long epoch() {
        return grant.epoch();
    }

    public UUID session() {
        return grant.session();
    }

    public Start start() {
        return grant.start();
    }

    public JobID jobId() {
        return jobId;
    }

    public boolean isResume() {
        return resume().isPresent();
    }

    /** The start, if it is one without main(). */
    public Optional<Start.Resume> resume() {
        return resumed(start());
    }

    private static Optional<Start.Resume> resumed(Start start) {
        return start instanceof Start.Resume ? Optional.of((Start.Resume) start) : Optional.empty();
    }

    /** What Flink starts from while the run has no checkpoint of its own; empty if nothing. */
    public String restoredFrom() {
        return restoredFrom;
    }

    public void restoredFrom(String path) {
        restoredFrom = path;
    }

    /** Whether this run ever completed a checkpoint, in this epoch or an earlier one. */
    public boolean hasOwnCheckpoint() {
        return ownCheckpoint;
    }

    public void ownCheckpointAcknowledged() {
        ownCheckpoint = true;
    }

    public boolean isPlanSubmitted() {
        return planSubmitted;
    }

    public void planSubmitted() {
        planSubmitted = true;
    }

    public boolean isPlanRecovered() {
        return planRecovered;
    }

    public void planRecovered() {
        planRecovered = true;
    }

    /** Completes when the job has come to its end and the recording of its result begins. */
    public CompletableFuture<Void> ending() {
        return ending;
    }

    /** Completes when the recording is over: acknowledged, or refused. */
    public CompletableFuture<Void> recorded() {
        return recorded;
    }

    /** Completes once the agent acknowledged the job's result in this epoch. */
    public CompletableFuture<JobStatus> result() {
        return result;
    }

    public boolean isResultAcknowledged() {
        return result.isDone();
    }

    /** Whether Flink deletes the job's files once that end of it is recorded (R17). */
    public boolean discards(JobStatus end) {
        return end == JobStatus.FINISHED
                || (end == JobStatus.CANCELED && onCancel == AgentOptions.OnCancel.DISCARD);
    }

    /** Whether such an end was acknowledged in this epoch: the manifest names no file any more. */
    public boolean isDiscarded() {
        return result.isDone() && discards(result.join());
    }
}
