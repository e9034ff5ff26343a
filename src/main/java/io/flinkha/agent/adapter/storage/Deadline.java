package io.flinkha.agent.adapter.storage;

import io.flinkha.agent.port.StorageFailure;
import io.flinkha.agent.port.StorageFailure.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An end to calls that have none and cannot be interrupted. One that is given up goes on in its
 * thread until the connection breaks; when too many do, no other is begun.
 */
final class Deadline {
    private static final int THREADS = 8;
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final Duration timeout;
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(
                    0,
                    THREADS,
                    IDLE.toMillis(),
                    TimeUnit.MILLISECONDS,
                    new SynchronousQueue<>(),
                    task -> {
                        Thread thread = new Thread(task, "flink-ha-storage");
                        thread.setDaemon(true);
                        return thread;
                    });

    Deadline(Duration timeout) {
        this.timeout = timeout;
    }

    interface Call<T> {
        T run() throws IOException;
    }

    <T> T within(Call<T> call, String verb, String place) throws IOException {
        Future<T> answer;
        try {
            answer = threads.submit(call::run);
        } catch (RejectedExecutionException e) {
            throw Failures.of(
                    Kind.NO_ANSWER, verb, place, THREADS + " requests before it have none", e);
        }
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw Failures.of(
                    Kind.NO_ANSWER, verb, place, "given up after " + timeout.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("%s %s was interrupted".formatted(verb, place));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StorageFailure failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        }
    }
}
