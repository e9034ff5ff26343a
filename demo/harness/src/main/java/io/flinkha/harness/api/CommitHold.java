package io.flinkha.harness.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One commit that the proxy stops and lets go when it is told to. */
public final class CommitHold {

    /** BEFORE the API server sees the commit, or AFTER it did and before the agent hears of it. */
    public enum Point {
        BEFORE,
        AFTER
    }

    private final Point point;
    private final CompletableFuture<Long> reached = new CompletableFuture<>();
    private final Promise<Void> released = Promise.promise();

    CommitHold(Point point) {
        this.point = point;
    }

    Point point() {
        return point;
    }

    Future<Void> reached(long checkpoint) {
        reached.complete(checkpoint);
        return released.future();
    }

    /** Waits until a commit is held. Answers the id of its checkpoint. */
    public long await(Duration limit) {
        try {
            return reached.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("No checkpoint came by to be held", e);
        }
    }

    public void release() {
        released.tryComplete();
    }
}
