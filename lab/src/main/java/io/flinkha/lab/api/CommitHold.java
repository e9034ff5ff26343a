package io.flinkha.lab.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One message that a proxy stops and lets go, or loses, when it is told to. */
public final class CommitHold {

    /** BEFORE the receiver sees the message, or AFTER it did and before the sender hears of it. */
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

    /** Waits until a message is held. Answers the id of its checkpoint, 0 if it has none. */
    public long await(Duration limit) {
        try {
            return reached.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Nothing came by to be held", e);
        }
    }

    public void release() {
        released.tryComplete();
    }

    /** The message, or its reply, gets lost, and the sender's connection with it. */
    public void drop() {
        released.tryFail("lost");
    }
}
