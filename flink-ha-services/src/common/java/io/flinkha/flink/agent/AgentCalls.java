package io.flinkha.flink.agent;

import io.flinkha.flink.jvm.DaemonThreads;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that are repeated, unchanged, until their outcome is known or the gate closes.
 *
 * <p>They run on threads of their own. An interrupt of a Flink thread, which Flink sends when it
 * cancels, must not tear down a call half way.
 */
final class AgentCalls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentCalls.class);
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;
    private static final long COMPLAINT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final ExecutorService threads =
            Executors.newCachedThreadPool(new DaemonThreads("flink-ha-call"));

    /** Starts the call on a thread of its own. */
    <T> CompletableFuture<T> start(String what, Attempt<T> attempt) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return repeat(what, attempt);
                    } catch (AgentRefusal | GateClosedException e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }

    /** Runs the call on the calling thread, which has to be one of ours. */
    <T> T repeat(String what, Attempt<T> attempt) throws AgentRefusal, GateClosedException {
        long pause = FIRST_PAUSE_MILLIS;
        long complaint = 0;
        while (ended.getCount() > 0) {
            try {
                return attempt.run();
            } catch (IOException e) {
                long now = System.nanoTime();
                if (complaint == 0 || now - complaint >= COMPLAINT_NANOS) {
                    complaint = now;
                    LOG.warn("{}: no answer from the agent, asking again ({})", what, e.toString());
                }
            }
            try {
                var unused = ended.await(pause, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 3 / 2);
        }
        throw new GateClosedException(what);
    }

    /** Runs the call once, on a thread of its own; who waits for it bounds the wait. */
    <T> CompletableFuture<T> once(Attempt<T> attempt) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                outcome.complete(attempt.run());
            } catch (Throwable e) {
                outcome.completeExceptionally(e);
            }
        });
        return outcome;
    }

    /** The gate is closed: no call is tried again. */
    void end() {
        ended.countDown();
    }

    /** For tests. */
    @Override
    public void close() {
        end();
        threads.shutdownNow();
    }

    /** One try. An {@link IOException} means: not known to be done, try again. */
    interface Attempt<T> {
        T run() throws IOException, AgentRefusal;
    }
}
