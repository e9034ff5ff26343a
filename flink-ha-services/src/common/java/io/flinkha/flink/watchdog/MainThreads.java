package io.flinkha.flink.watchdog;

import io.flinkha.flink.process.Run;
import io.flinkha.flink.rest.JobQuery;
import io.flinkha.flink.rest.RestEndpoint;
import io.flinkha.flink.rest.RestError;
import io.flinkha.flink.rest.Unanswered;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the main threads answer: the Dispatcher's, and the JobMaster's behind it.
 *
 * <p>Each look asks, whether the questions before were answered or not: one answer to any of them
 * is enough. Only silence counts. An error is an answer, and an endpoint that is not reached says
 * nothing of main threads.
 *
 * <p>It counts from the first time on that the job was RUNNING. Before, sources list their files on
 * the JobMaster's main thread, which takes as long as it takes.
 */
final class MainThreads {
    static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Until the job was RUNNING: what hangs just after that would be taken for a long start. */
    static final long FIRST_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * Flink 2.3 asks the same threads, gives the application up after 60 s ({@code
     * pekko.ask.timeout} of {@code deploy/}), and would cancel the job once they answer again.
     */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(40);

    /** Was the whole JVM paused, then the answer was, too: it gets its time. */
    private static final long LONGEST_NANOS = 2 * INTERVAL_NANOS;

    private static final Logger LOG = LoggerFactory.getLogger(MainThreads.class);

    private final RestEndpoint rest;
    private final LongSupplier nanos;
    private long looked;

    /** Time as this object lived through it. */
    private long lived;

    /** When the questions were sent that are open, oldest first. */
    private final Deque<Long> open = new ArrayDeque<>();

    private boolean running;
    private boolean hangs;
    private volatile boolean complained;

    MainThreads(RestEndpoint rest, LongSupplier nanos) {
        this.rest = rest;
        this.nanos = nanos;
        this.looked = nanos.getAsLong();
    }

    /** Completes once the question is open no more. */
    CompletableFuture<?> look(Run run) {
        long sent = sendsNow();
        CompletableFuture<?> asked;
        try {
            asked =
                    rest.send(JobQuery.STATUS, run.jobId())
                            .handle((answer, failure) -> take(sent, answer, failure));
        } catch (IOException e) {
            asked = CompletableFuture.completedFuture(take(sent, null, e));
        }
        tellChange();
        return asked;
    }

    private synchronized long sendsNow() {
        long now = nanos.getAsLong();
        lived += Math.min(now - looked, LONGEST_NANOS);
        looked = now;
        if (!running) {
            open.clear();
        }
        open.addLast(lived);
        return lived;
    }

    /** Whether there was an answer. */
    private boolean take(long sent, @Nullable JsonNode answer, @Nullable Throwable failure) {
        if (failure instanceof Unanswered) {
            return false;
        }
        synchronized (this) {
            open.removeIf(before -> before <= sent);
            if (answer != null) {
                takeStatus(answer.path("status").asText(""));
            }
        }
        if (answer != null || failure instanceof RestError) {
            complained = false;
        } else if (failure != null && rest.isUp() && !complained) {
            complained = true;
            LOG.warn(
                    "Neither savepoints nor a hung main thread can be seen: {}",
                    failure.getMessage());
        }
        return answer != null;
    }

    private void takeStatus(String status) {
        switch (status) {
            case "RUNNING":
                running = true;
                return;
            case "FINISHED":
            case "CANCELED":
            case "FAILED":
                running = false;
                return;
            default:
        }
    }

    /** Outside of the lock, which the gate's poll needs: a log may be stuck. */
    private void tellChange() {
        Optional<String> hung = hung();
        if (hung.isPresent() != hangs) {
            hangs = hung.isPresent();
            LOG.warn("{}", hung.orElse("The main threads answer again."));
        }
    }

    /** Until the next look. */
    synchronized long pauseNanos() {
        return running ? INTERVAL_NANOS : FIRST_INTERVAL_NANOS;
    }

    /** There is nobody to answer. */
    synchronized void forget() {
        open.clear();
    }

    /** Whether the job was RUNNING, and no question is open. */
    synchronized boolean answer() {
        return running && open.isEmpty();
    }

    /** One sentence, if a main thread hangs. */
    synchronized Optional<String> hung() {
        long silent = open.isEmpty() ? 0 : lived - open.getFirst();
        return running && silent >= PATIENCE_NANOS
                ? Optional.of(
                        "A main thread of the JobManager hangs: the job's status, which its REST"
                                + " endpoint is asked for every "
                                + TimeUnit.NANOSECONDS.toSeconds(INTERVAL_NANOS)
                                + " s, has not been answered for "
                                + TimeUnit.NANOSECONDS.toSeconds(silent)
                                + " s.")
                : Optional.empty();
    }
}
