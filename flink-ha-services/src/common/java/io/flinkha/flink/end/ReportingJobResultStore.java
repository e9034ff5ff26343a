package io.flinkha.flink.end;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.agent.AgentRefusal;
import io.flinkha.flink.agent.GateClosedException;
import io.flinkha.flink.jvm.DaemonThreads;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.process.GrantedRun;
import io.flinkha.flink.process.Run;
import io.flinkha.flink.savepoint.FinalSavepoint;
import io.flinkha.flink.savepoint.SavepointWatch;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.client.JobInitializationException;
import org.apache.flink.runtime.highavailability.JobResultEntry;
import org.apache.flink.runtime.highavailability.JobResultStore;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.util.SerializedThrowable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the agent how the job ended, before Flink cleans anything up; keeps results in memory only.
 *
 * <p>The dirty result must never fail: Flink takes that as fatal, exits, and the failed job would
 * be resumed. So it waits for the agent until the gate closes. It returns its future at once: it is
 * called on the Dispatcher's main thread, which other parts of the end need.
 */
public final class ReportingJobResultStore implements JobResultStore {
    private static final Logger LOG = LoggerFactory.getLogger(ReportingJobResultStore.class);

    /** What Flink 2.3 says of a stored plan that main() did not ask for. */
    private static final String ABANDONED = "Job recovery is not needed.";

    private static final int CAUSE_LIMIT = 2_000;
    private static final long TELL_MILLIS = 2_000;

    private final Agent agent;
    private final Halt halt;
    private final GrantedRun granted;
    private final SavepointWatch savepoints;
    private final FinalSavepoint finalSavepoint;
    private final JobResultStore results;

    public ReportingJobResultStore(
            Agent agent,
            Halt halt,
            GrantedRun granted,
            SavepointWatch savepoints,
            FinalSavepoint finalSavepoint,
            JobResultStore results) {
        this.agent = agent;
        this.halt = halt;
        this.granted = granted;
        this.savepoints = savepoints;
        this.finalSavepoint = finalSavepoint;
        this.results = results;
    }

    @Override
    public CompletableFuture<Void> createDirtyResultAsync(JobResultEntry entry) {
        JobResult result = entry.getJobResult();
        Run run = granted.get();
        if (!result.getJobId().equals(run.jobId())) {
            LOG.warn(
                    "Job {} ended, which is not the job {} of this cluster-id: not recorded.",
                    result.getJobId(),
                    run.jobId());
            return results.createDirtyResultAsync(entry);
        }
        JobStatus status = JobEnd.of(result);
        SerializedThrowable failure = result.getSerializedThrowable().orElse(null);
        refuseFailedStart(run, status, failure);
        String cause = status == JobStatus.FAILED ? describe(failure) : null;
        run.ending().complete(null);
        CompletableFuture<Void> recorded = new CompletableFuture<>();
        DaemonThreads.start("flink-ha-result", () -> report(run, status, cause, recorded));
        return recorded.thenCompose(ignored -> results.createDirtyResultAsync(entry));
    }

    private void report(
            Run run, JobStatus status, @Nullable String cause, CompletableFuture<Void> recorded) {
        JobID jobId = run.jobId();
        String stoppedWith;
        if (status == JobStatus.FINISHED) {
            stoppedWith = finalSavepoint.of(run);
        } else {
            stoppedWith = "";
            savepoints.lookAtLast(finalSavepoint.stale());
        }
        try {
            agent.result(run.grant(), status, cause, stoppedWith, run.discards(status));
            LOG.info("Result {} of job {} is recorded.", status, jobId);
            run.result().complete(status);
        } catch (AgentRefusal e) {
            // Without the acknowledgement nothing of the job is deleted; the end may go on.
            LOG.error("Result {} of job {} is not recorded, its state is kept.", status, jobId, e);
        } catch (GateClosedException e) {
            LOG.error("Result {} of job {}: {}", status, jobId, e.getMessage());
            return;
        }
        recorded.complete(null);
        run.recorded().complete(null);
    }

    /** A start that failed is not an end: recorded, it would keep the job down for good (R7). */
    private void refuseFailedStart(
            Run run, JobStatus status, @Nullable SerializedThrowable failure) {
        if (status != JobStatus.FAILED || failure == null) {
            return;
        }
        if (mentions(failure, ABANDONED)) {
            throw halt.now(
                    Halt.FAILED_START,
                    "main() ended without asking for the stored job, which Flink would now"
                            + " delete");
        }
        if (!run.hasOwnCheckpoint()
                && failure.getOriginalErrorClassName()
                        .equals(JobInitializationException.class.getName())) {
            LOG.error("The job could not be initialised.", failure);
            String from = run.restoredFrom();
            String why =
                    "the job could not be initialised "
                            + (from.isEmpty() ? "without state" : "from " + from)
                            + ", before its first checkpoint: "
                            + describe(failure);
            tellFailedStart(run, why);
            throw halt.now(Halt.FAILED_START, why + "; this is a failed start, not a failed job");
        }
    }

    /**
     * For an Event only; the exit code says the same, so nobody waits for an agent that is away.
     */
    private void tellFailedStart(Run run, String why) {
        try {
            var unused =
                    agent.startFailed(run.grant(), why).get(TELL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The agent does not know of it ({}).", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean mentions(Throwable failure, String text) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains(text)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The innermost cause is the one that a person looks for; the outermost says what Flink did.
     */
    private static String describe(@Nullable Throwable failure) {
        if (failure == null) {
            return "unknown";
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String text = String.valueOf(root.getMessage());
        if (failure.getCause() != null) {
            text += " (" + failure.getMessage() + ")";
        }
        return text.length() <= CAUSE_LIMIT ? text : text.substring(0, CAUSE_LIMIT);
    }

    @Override
    public CompletableFuture<Void> markResultAsCleanAsync(JobID jobId) {
        return results.markResultAsCleanAsync(jobId);
    }

    @Override
    public CompletableFuture<Boolean> hasDirtyJobResultEntryAsync(JobID jobId) {
        return results.hasDirtyJobResultEntryAsync(jobId);
    }

    @Override
    public CompletableFuture<Boolean> hasCleanJobResultEntryAsync(JobID jobId) {
        return results.hasCleanJobResultEntryAsync(jobId);
    }

    @Override
    public Set<JobResult> getDirtyResults() throws IOException {
        return results.getDirtyResults();
    }
}
