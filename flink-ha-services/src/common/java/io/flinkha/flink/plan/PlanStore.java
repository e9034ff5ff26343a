package io.flinkha.flink.plan;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.agent.AgentRefusal;
import io.flinkha.flink.agent.Start;
import io.flinkha.flink.config.AgentOptions;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.process.GrantedRun;
import io.flinkha.flink.process.Run;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkException;
import org.apache.flink.util.InstantiationUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the plan of the one job of this cluster-id with the agent.
 *
 * <p>Whether the stored plan is used is the agent's decision: only a start that is a RESUME sees
 * it. A plan is dropped when the job's end is recorded, and not for any other of Flink's clean-ups.
 */
public abstract class PlanStore<P extends Serializable> {
    private static final Logger LOG = LoggerFactory.getLogger(PlanStore.class);

    /** The Dispatcher's main thread waits this long at most; clients give up at about as much. */
    private static final long PUT_SECONDS = 60;

    /** A clean-up's truth is in the recorded result; it may not hold up the end. */
    private static final long DELETE_SECONDS = 2;

    /** What to do about a second job. */
    public static final String ONE_JOB =
            "with the flink-ha agent one main() is one job: give each job a deployment of its own,"
                    + " and put a Table program's INSERTs into one STATEMENT SET";

    private final Agent agent;
    private final GrantedRun granted;
    private final boolean enabled;
    private final PlanBlobs blobs;
    private final PlanRejection rejection;
    private final PlanAhead ahead;
    private volatile @Nullable String storedSha256;

    /**
     * @param enabled whether plans are stored
     */
    PlanStore(
            Agent agent,
            GrantedRun granted,
            boolean enabled,
            PlanBlobs blobs,
            PlanRejection rejection,
            PlanAhead ahead) {
        this.agent = agent;
        this.granted = granted;
        this.enabled = enabled;
        this.blobs = blobs;
        this.rejection = rejection;
        this.ahead = ahead;
    }

    /** Flink's type of a plan on this line. */
    abstract Class<P> type();

    abstract PlanView view(P plan);

    abstract void write(P plan, JobResourceRequirements requirements) throws IOException;

    public void stop() {}

    public Collection<JobID> getJobIds() {
        Run run = granted.get();
        return run.isResume() ? List.of(run.jobId()) : List.of();
    }

    final @Nullable P recover(JobID jobId) throws Exception {
        Run run = granted.get();
        Optional<Start.Resume> resume = run.resume();
        if (resume.isEmpty() || !run.jobId().equals(jobId)) {
            return null;
        }
        if (!enabled) {
            throw rejection.andHalt(
                    run, AgentOptions.PLAN_STORE_ENABLED.key() + " was switched off");
        }
        String sha256 = resume.get().planSha256();
        P plan = readAhead(run);
        if (plan == null) {
            plan = await(download(run, sha256), "reading the stored plan");
        }
        blobs.missing(run, view(plan))
                .ifPresent(missing -> {
                    throw rejection.andHalt(run, "the stored plan needs " + missing);
                });
        storedSha256 = sha256;
        run.planRecovered();
        LOG.info("The stored plan of job '{}' ({}) is recovered.", view(plan).name, jobId);
        return plan;
    }

    private @Nullable P readAhead(Run run) {
        ClassLoader classes = Thread.currentThread().getContextClassLoader();
        Object plan = ahead.take(run.start(), classes).orElse(null);
        return type().isInstance(plan) ? type().cast(plan) : null;
    }

    final void put(P plan) throws Exception {
        Run run = granted.get();
        Optional<Start.Resume> resume = run.resume();
        if (resume.isPresent()) {
            // main() was not run, so this is the stand-in, which Flink did not replace.
            throw rejection.andHalt(
                    run,
                    "Flink did not take the stored plan '"
                            + resume.get().jobName()
                            + "' for the job '"
                            + view(plan).name
                            + "' that stands in for it");
        }
        if (!run.jobId().equals(view(plan).jobId)) {
            throw new FlinkException(
                    "main() starts a second job, '" + view(plan).name + "': " + ONE_JOB + ".");
        }
        // Before the outcome is known: a plan that may be stored has to be rejected if main()
        // fails.
        run.planSubmitted();
        if (enabled) {
            store(run, plan);
        } else {
            LOG.info("The plan of job '{}' is not stored: switched off.", view(plan).name);
        }
    }

    public void putJobResourceRequirements(JobID jobId, JobResourceRequirements requirements)
            throws Exception {
        Run run = granted.get();
        String sha256 = storedSha256;
        if (sha256 == null || !run.jobId().equals(jobId)) {
            LOG.warn(
                    "No plan of job {} is stored: its new parallelism lasts until a failover.",
                    jobId);
            return;
        }
        // Read back and not kept: the live plan must not change under the scheduler's feet.
        P plan = await(download(run, sha256), "reading the stored plan");
        write(plan, requirements);
        store(run, plan);
    }

    public CompletableFuture<Void> globalCleanupAsync(JobID jobId, Executor executor) {
        Run run = granted.get();
        if (!run.jobId().equals(jobId) || !run.isResultAcknowledged()) {
            LOG.info("The stored plan of job {} stays: no end of it is recorded.", run.jobId());
            return CompletableFuture.completedFuture(null);
        }
        return agent.dropPlan(run.grant())
                .orTimeout(DELETE_SECONDS, TimeUnit.SECONDS)
                .handle((answer, failure) -> {
                    if (failure != null) {
                        LOG.warn(
                                "The stored plan is not dropped yet; its recorded end keeps it"
                                        + " from being run: {}",
                                failure.toString());
                    }
                    return null;
                });
    }

    private void store(Run run, P plan) throws Exception {
        String name = view(plan).name;
        String sha256 =
                await(
                        agent.storePlan(
                                run.grant(),
                                name,
                                out -> InstantiationUtil.serializeObject(out, plan)),
                        "storing the plan of job '" + name + "'");
        storedSha256 = sha256;
        LOG.info("The plan of job '{}' is stored, sha256 {}.", name, sha256);
    }

    private Future<P> download(Run run, String sha256) {
        StoredPlan<P> stored =
                new StoredPlan<>(type(), sha256, Thread.currentThread().getContextClassLoader());
        return agent.loadPlan(run.grant(), stored::read)
                .exceptionally(failure -> {
                    Throwable cause = ExceptionUtils.stripCompletionException(failure);
                    if (cause instanceof StoredPlan.DamagedException) {
                        LOG.error("The stored plan cannot be used.", cause);
                        throw rejection.andHalt(run, String.valueOf(cause.getMessage()));
                    }
                    if (cause instanceof AgentRefusal && ((AgentRefusal) cause).isNotFound()) {
                        throw rejection.andHalt(run, "the stored plan is gone");
                    }
                    throw new CompletionException(cause);
                });
    }

    private static <T> T await(Future<T> call, String what) throws Exception {
        try {
            return call.get(PUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = ExceptionUtils.stripExecutionException(e);
            cause = ExceptionUtils.stripCompletionException(cause);
            if (cause instanceof Halt.Halted) {
                throw (Halt.Halted) cause;
            }
            throw new FlinkException(what + " failed", cause);
        } catch (TimeoutException e) {
            throw new FlinkException(
                    what + ": the agent did not answer within " + PUT_SECONDS + " s", e);
        }
    }
}
