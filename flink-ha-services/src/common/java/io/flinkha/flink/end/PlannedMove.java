package io.flinkha.flink.end;

import io.flinkha.flink.HaProcess;
import io.flinkha.flink.agent.Wire;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.jvm.TermSignal;
import io.flinkha.flink.process.Run;
import io.flinkha.flink.savepoint.CheckpointsView;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
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

    private final HaProcess process;
    private final Duration answer;
    private final Duration grace;
    private final Duration ownEnd;
    private final CheckpointsView checkpoints;
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final AtomicBoolean decided = new AtomicBoolean();

    PlannedMove(HaProcess process, Duration answer, Duration grace, Duration ownEnd) {
        this.process = process;
        this.answer = answer;
        this.grace = grace;
        this.ownEnd = ownEnd;
        this.checkpoints = new CheckpointsView(process.leaders());
    }

    public static void takeSigterm(HaProcess process) {
        boolean endsItself =
                process.configuration().get(DeploymentOptions.SHUTDOWN_ON_APPLICATION_FINISH);
        PlannedMove move =
                new PlannedMove(
                        process,
                        ANSWER,
                        process.settings().termGrace(),
                        endsItself ? OWN_END : Duration.ZERO);
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
        Verdict verdict;
        try {
            verdict = verdict(deadline);
        } catch (RuntimeException e) {
            verdict = Verdict.halt(Halt.TERMINATED, "SIGTERM could not be thought over: " + e);
        }
        if (!decided.compareAndSet(false, true)) {
            return;
        }
        if (verdict.code != null) {
            throw process.halt().now(verdict.code, verdict.reason);
        }
        LOG.info("SIGTERM: Flink's own shutdown begins, {}.", verdict.reason);
        shutdown.run();
    }

    private Verdict verdict(long deadline) {
        Run run = process.runIfGranted();
        if (run == null) {
            // Not worth asking: whatever the agent sees, this JVM has no tasks to cancel.
            return Verdict.halt(Halt.TERMINATED, "SIGTERM before anything ran in this JVM");
        }
        if (!run.ending().isDone()) {
            Verdict told = ask(run);
            boolean stopping = told.code != null && awaitStop(run, deadline);
            if (!run.ending().isDone()) {
                return stopping
                        ? Verdict.shutdown("a stop-with-savepoint still takes its time")
                        : told;
            }
        }
        // Ended for good: a halt would spare no task, and cut off what Flink still cleans up.
        if (!await(run.recorded(), deadline - System.nanoTime())) {
            return Verdict.shutdown("recording the job's result still takes its time");
        }
        // Flink is about to exit with the job's own code, once whoever stopped the job has fetched
        // the savepoint's path. Pushed now, it would give that up after 5 s and exit with 239.
        LOG.info("The job has ended: SIGTERM waits for Flink to end by itself.");
        await(new CompletableFuture<>(), Math.min(ownEnd.toNanos(), deadline - System.nanoTime()));
        return Verdict.shutdown("the job has ended and this JVM has not");
    }

    /** Bounded as a whole, whatever of token file, connection and agent it is that hangs. */
    private Verdict ask(Run run) {
        CompletableFuture<JsonNode> asked =
                process.calls()
                        .once(() ->
                                process.client()
                                        .post(
                                                "/v1/term",
                                                Wire.call(run.jm(), run.epoch()),
                                                (int) answer.toMillis()));
        try {
            return read(asked.get(answer.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return unanswered("no answer within " + answer.toMillis() + " ms");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Halt.Halted) {
                throw (Halt.Halted) e.getCause();
            }
            return unanswered(String.valueOf(e.getCause()));
        } catch (IOException e) {
            return unanswered(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unanswered("interrupted");
        }
    }

    private static Verdict read(JsonNode told) throws IOException {
        String verdict = Wire.text(told, "answer");
        switch (verdict) {
            case "SHUTDOWN":
                return Verdict.shutdown(Wire.reason(told));
            case "HALT":
                return Verdict.halt(Wire.exitCode(told, Halt.TERMINATED), Wire.reason(told));
            default:
                throw new IOException("this jar does not know the answer " + verdict);
        }
    }

    private static Verdict unanswered(String why) {
        return Verdict.halt(
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

    /** No code: Flink's own shutdown. */
    private static final class Verdict {
        final @Nullable Integer code;
        final String reason;

        private Verdict(@Nullable Integer code, String reason) {
            this.code = code;
            this.reason = reason;
        }

        static Verdict shutdown(String reason) {
            return new Verdict(null, reason);
        }

        static Verdict halt(int code, String reason) {
            return new Verdict(code, reason);
        }
    }
}
