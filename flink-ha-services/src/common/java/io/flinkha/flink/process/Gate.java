package io.flinkha.flink.process;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.agent.AgentRefusal;
import io.flinkha.flink.agent.GateAnswer;
import io.flinkha.flink.agent.Grant;
import io.flinkha.flink.agent.PlanReference;
import io.flinkha.flink.agent.Watched;
import io.flinkha.flink.jvm.DaemonThreads;
import io.flinkha.flink.jvm.Halt;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease inside the pod: this JVM may act as leader until a deadline that each answer moves.
 *
 * <p>The deadline counts from <em>before</em> a poll is sent, so it is never later than the one
 * that the agent has in mind (R9). Polling and watching are two threads: a poll that hangs must not
 * keep the watchdog from its work.
 */
public final class Gate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final long WAITING_PAUSE_MILLIS = 100;
    private static final long OPEN_PAUSE_MILLIS = 2_000;
    private static final long RETRY_PAUSE_MILLIS = 200;
    private static final long MIN_PAUSE_MILLIS = 20;
    private static final long COMPLAINT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Agent agent;
    private final Halt halt;
    private final LongSupplier nanos;
    private final Runnable registration;
    private final Consumer<Optional<PlanReference>> onWait;
    private final Consumer<Grant> onGrant;
    private final Runnable onPublishWanted;
    private final Supplier<Watched> watched;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    private volatile long epoch;
    private volatile long deadline;
    private volatile @Nullable Thread watchdog;
    private String lastWait = "";
    private long complainedAt;
    private boolean complained;

    /**
     * @param onWait told what the manifest names, with each answer to wait before the grant; it may
     *     not wait itself
     * @param watched what there is to tell with a poll; it is asked before each, and may not wait
     */
    public Gate(
            Agent agent,
            Halt halt,
            LongSupplier nanos,
            Runnable registration,
            Consumer<Optional<PlanReference>> onWait,
            Consumer<Grant> onGrant,
            Runnable onPublishWanted,
            Supplier<Watched> watched) {
        this.agent = agent;
        this.halt = halt;
        this.nanos = nanos;
        this.registration = registration;
        this.onWait = onWait;
        this.onGrant = onGrant;
        this.onPublishWanted = onPublishWanted;
        this.watched = watched;
    }

    public void start() {
        watchdog = DaemonThreads.start("flink-ha-watchdog", this::watch);
        DaemonThreads.start("flink-ha-gate", this::poll);
    }

    public boolean isOpen() {
        return epoch != 0 && !isClosed() && deadline - nanos.getAsLong() > 0;
    }

    public boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Waits, and says whether the gate closed meanwhile. */
    public boolean awaitClosed(long millis) throws InterruptedException {
        return closed.await(millis, TimeUnit.MILLISECONDS);
    }

    /** For tests: ends both threads. A real process ends instead. */
    @Override
    public void close() {
        stopped.countDown();
        LockSupport.unpark(watchdog);
    }

    private void poll() {
        try {
            long pause = 0;
            while (!stopped.await(pause, TimeUnit.MILLISECONDS)) {
                pause = pollOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One poll; returns the milliseconds until the next. */
    public long pollOnce() {
        long sentAt = nanos.getAsLong();
        try {
            long pause = take(agent.gate(epoch, watched.get()), sentAt);
            complained = false;
            return pause;
        } catch (AgentRefusal e) {
            if (e.isUnregistered()) {
                LOG.info(
                        "The agent was restarted and does not know this process: {}",
                        e.getMessage());
                registration.run();
            } else {
                complain("The agent does not accept the gate call", e);
            }
        } catch (IOException | IllegalArgumentException e) {
            complain("The agent does not answer as it should", e);
        }
        return RETRY_PAUSE_MILLIS;
    }

    private long take(GateAnswer answer, long sentAt) {
        if (!answer.isOpen()) {
            if (!answer.reason().equals(lastWait)) {
                lastWait = answer.reason();
                LOG.info("Waiting for leadership: {}", answer.reason());
            }
            if (epoch == 0) {
                onWait.accept(answer.ahead());
            }
            return WAITING_PAUSE_MILLIS;
        }
        if (epoch != 0 && answer.epoch() != epoch) {
            // One JVM serves one epoch: what it holds in memory belongs to the old one.
            throw halt.now(
                    Halt.GATE_CLOSED,
                    "epoch " + epoch + " is over, " + answer.epoch() + " was opened");
        }
        long remaining = answer.remainingMillis();
        deadline = sentAt + TimeUnit.MILLISECONDS.toNanos(remaining);
        epoch = answer.epoch();
        LockSupport.unpark(watchdog);
        if (answer.grant().isPresent()) {
            onGrant.accept(answer.grant().get());
        } else if (answer.isPublishWanted()) {
            onPublishWanted.run();
        }
        return Math.max(MIN_PAUSE_MILLIS, Math.min(OPEN_PAUSE_MILLIS, remaining / 5));
    }

    private void watch() {
        while (stopped.getCount() > 0 && !isClosed()) {
            long left = watchOnce();
            if (left > 0) {
                LockSupport.parkNanos(this, left);
            }
        }
    }

    /** Halts when the deadline has passed; returns the nanoseconds that are left. */
    public long watchOnce() {
        if (epoch == 0) {
            return COMPLAINT_NANOS;
        }
        long left = deadline - nanos.getAsLong();
        if (left <= 0) {
            closed.countDown();
            agent.end();
            throw halt.now(
                    Halt.GATE_CLOSED,
                    "the gate of epoch " + epoch + " closed, the agent did not renew it in time");
        }
        return left;
    }

    private void complain(String what, Exception cause) {
        long now = nanos.getAsLong();
        if (!complained || now - complainedAt >= COMPLAINT_NANOS) {
            complained = true;
            complainedAt = now;
            LOG.warn(
                    "{} ({}). {}",
                    what,
                    cause.toString(),
                    epoch == 0
                            ? "It is asked again."
                            : "This JVM halts in "
                                    + TimeUnit.NANOSECONDS.toMillis(deadline - now)
                                    + " ms unless it comes back.");
        }
    }
}
