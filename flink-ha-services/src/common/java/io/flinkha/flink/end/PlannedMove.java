package io.flinkha.flink.end;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.agent.TermAnswer;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.jvm.TermSignal;
import io.flinkha.flink.process.GrantedRun;
import io.flinkha.flink.process.Run;
import io.flinkha.flink.savepoint.CheckpointsView;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a SIGTERM does: Flink's own shutdown if the job is to stop, else an end that its tasks do
 * not notice.
 *
 * <p>A JobManager that shuts down cancels its tasks at once; one that vanishes leaves them running
 * for the next leader. Only the agent can tell the one from the other, as it sees the Kubernetes
 * Job. In doubt the JVM vanishes: Flink's shutdown takes no savepoint, so nothing is lost. What the
 * job is committing just then comes first (R14).
 */
public final class PlannedMove {
    private static final Logger LOG = LoggerFactory.getLogger(PlannedMove.class);
    private static final Duration ANSWER = Duration.ofSeconds(2);

    /** From the end of a job to that of its JobManager Flink takes a second or two. */
    private static final Duration OWN_END = Duration.ofSeconds(10);

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Agent agent;
    private final Halt halt;
    private final GrantedRun granted;
    private final CheckpointsView checkpoints;
    private final Duration answer;
    private final Duration grace;
    private final Duration ownEnd;
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final AtomicBoolean decided = new AtomicBoolean();

    PlannedMove(
            Agent agent,
            Halt halt,
            GrantedRun granted,
            CheckpointsView checkpoints,
            Duration answer,
            Duration grace,
            Duration ownEnd) {
        this.agent = agent;
        this.halt = halt;
        this.granted = granted;
        this.checkpoints = checkpoints;
        this.answer = answer;
        this.grace = grace;
        this.ownEnd = ownEnd;
    }

    /**
     * Takes the signal before Flink does.
     *
     * @param endsItself whether Flink ends this JVM once the job has ended
     */
    public static void takeSigterm(
            Agent agent,
            Halt halt,
            GrantedRun granted,
            CheckpointsView checkpoints,
            Duration grace,
            boolean endsItself) {
        Duration ownEnd = endsItself ? OWN_END : Duration.ZERO;
        PlannedMove move =
                new PlannedMove(agent, halt, granted, checkpoints, ANSWER, grace, ownEnd);
        TermSignal.take("TERM", move::sigterm);
    }

    /** Runs on the signal's thread, never on one of Flink's: it may wait for those. */
    void sigterm(Runnable shutdown) {
        long deadline = System.nanoTime() + grace.toNanos();
        if (!signalled.compareAndSet(false, true)) {
            LOG.info("Another SIGTERM: Flink's own shutdown begins.");
            decided.set(true);
            shutdown.run();
            return;
        }
        TermAnswer verdict;
        try {
            verdict = verdict(deadline);
        } catch (RuntimeException e) {
            verdict = TermAnswer.halt(Halt.TERMINATED, "SIGTERM could not be thought over: " + e);
        }
        if (!decided.compareAndSet(false, true)) {
            return;
        }
        if (verdict.haltCode().isPresent()) {
            throw halt.now(verdict.haltCode().getAsInt(), verdict.reason());
        }
        LOG.info("SIGTERM: Flink's own shutdown begins, {}.", verdict.reason());
        shutdown.run();
    }

    private TermAnswer verdict(long deadline) {
        Run run = granted.orNull();
        if (run == null) {
            // Not worth asking: whatever the agent sees, this JVM has no tasks to cancel.
            return TermAnswer.halt(Halt.TERMINATED, "SIGTERM before anything ran in this JVM");
        }
        if (!run.ending().isDone()) {
            TermAnswer told = ask(run);
            boolean stopping = told.haltCode().isPresent() && awaitStop(run, deadline);
            if (!run.ending().isDone()) {
                return stopping
                        ? TermAnswer.shutdown("a stop-with-savepoint still takes its time")
                        : told;
            }
        }
        // Ended for good: a halt would spare no task, and cut off what Flink still cleans up.
        if (!await(run.recorded(), deadline - System.nanoTime())) {
            return TermAnswer.shutdown("recording the job's result still takes its time");
        }
        // Flink is about to exit with the job's own code, once whoever stopped the job has fetched
        // the savepoint's path. Pushed now, it would give that up after 5 s and exit with 239.
        LOG.info("The job has ended: SIGTERM waits for Flink to end by itself.");
        await(new CompletableFuture<>(), Math.min(ownEnd.toNanos(), deadline - System.nanoTime()));
        return TermAnswer.shutdown("the job has ended and this JVM has not");
    }

    /** Bounded as a whole, whatever of token file, connection and agent it is that hangs. */
    private TermAnswer ask(Run run) {
        try {
            return agent.term(run.grant(), answer).get(answer.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return unanswered("no answer within " + answer.toMillis() + " ms");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Halt.Halted) {
                throw (Halt.Halted) e.getCause();
            }
            return unanswered(String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unanswered("interrupted");
        }
    }

    private static TermAnswer unanswered(String why) {
        return TermAnswer.halt(
                Halt.TERMINATED,
                "SIGTERM, and the agent does not say whether the job is to stop ("
                        + why
                        + "): its tasks are left running");
    }

    /** Waits while the job is being stopped; says whether it still is. */
    private boolean awaitStop(Run run, long deadline) {
        boolean seen = false;
        while (!run.ending().isDone()) {
            boolean stopping = seen;
            try {
                stopping = checkpoints.isStopping(run);
            } catch (IOException e) {
                // Seen before, it goes on: the endpoint goes down once the job has ended.
                LOG.warn(
                        "Is the job being stopped with a savepoint? Not known ({}).", e.toString());
            }
            long left = deadline - System.nanoTime();
            if (!stopping || left <= 0) {
                return stopping;
            }
            if (!seen) {
                seen = true;
                LOG.info("The job is being stopped with a savepoint: SIGTERM waits for its end.");
            }
            await(run.ending(), Math.min(left, POLL_NANOS));
        }
        return false;
    }

    private static boolean await(CompletableFuture<Void> event, long nanos) {
        try {
            event.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
