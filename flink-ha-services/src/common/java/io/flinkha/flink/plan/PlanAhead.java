package io.flinkha.flink.plan;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.agent.AgentRefusal;
import io.flinkha.flink.agent.PlanReference;
import io.flinkha.flink.agent.Start;
import io.flinkha.flink.jvm.DaemonThreads;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stored plan, read while this JobManager waits for another one's end.
 *
 * <p>Nothing rests on it: a recovery that does not find its plan here reads it. One plan is kept at
 * most, only as long as the manifest names it, and it is handed out once, because Flink changes
 * what it runs.
 */
public final class PlanAhead {
    private static final Logger LOG = LoggerFactory.getLogger(PlanAhead.class);

    /** A larger one would take too much of the heap that the JobManager needs once it leads. */
    private static final long LARGEST_BYTES = 64L << 20;

    /**
     * A JobManager that is started again in the leader's pod waits, too, but not for so long, and
     * needs its processors. One that has waited for so long has started what it starts before the
     * grant: two threads that initialise the same classes at once may wait for each other for ever.
     */
    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Agent agent;
    private final boolean enabled;
    private final Runnable warmUp;
    private final LongSupplier nanos;

    /** That of Flink's main thread, which its pools inherit. */
    private final ClassLoader classes = Thread.currentThread().getContextClassLoader();

    private boolean waits;
    private long settled;
    private boolean over;
    private boolean reading;
    private long due;
    private @Nullable PlanReference named;
    private boolean wanted;
    private boolean complained;
    private @Nullable Object plan;

    /**
     * @param enabled whether plans are stored
     * @param warmUp runs what can be run of a takeover before it
     */
    public PlanAhead(Agent agent, boolean enabled, Runnable warmUp, LongSupplier nanos) {
        this.agent = agent;
        this.enabled = enabled;
        this.warmUp = warmUp;
        this.nanos = nanos;
    }

    /** What the manifest names now. Called by the gate each time that it has to wait. */
    public synchronized void follow(Optional<PlanReference> reference) {
        if (!waits) {
            waits = true;
            settled = nanos.getAsLong() + SETTLED_NANOS;
        }
        PlanReference next = reference.orElse(null);
        if (!Objects.equals(next, named)) {
            named = next;
            plan = null;
            wanted = enabled && next != null && isSmall(next);
            complained = false;
            due = settled;
        }
        if (next != null && wanted && !reading && !over && nanos.getAsLong() - due >= 0) {
            reading = true;
            DaemonThreads.start("flink-ha-ahead", () -> read(next));
        }
    }

    private static boolean isSmall(PlanReference reference) {
        if (reference.bytes() <= LARGEST_BYTES) {
            return true;
        }
        LOG.info("{} is not read ahead, it has {} bytes.", reference, reference.bytes());
        return false;
    }

    private void read(PlanReference reference) {
        StoredPlan<Object> stored = new StoredPlan<>(Object.class, reference.sha256(), classes);
        try {
            keep(reference, agent.readPlanAhead(reference, stored::read));
        } catch (IOException e) {
            failed(reference, e, true);
        } catch (AgentRefusal | RuntimeException | Error e) {
            failed(reference, e, false);
        }
        // Only now: the plan is what saves most, and only a JobManager that is given one is a
        // standby.
        TakeoverClasses.load(classes, this::isOver);
        if (!isOver()) {
            try {
                warmUp.run();
            } catch (RuntimeException | LinkageError e) {
                LOG.info("A takeover will take a little longer: {}", e.toString());
            }
        }
    }

    private synchronized void keep(PlanReference reference, Object read) {
        reading = false;
        if (over || !reference.equals(named)) {
            return;
        }
        plan = read;
        wanted = false;
        LOG.info("{} is read ahead.", reference);
    }

    private synchronized void failed(PlanReference reference, Throwable why, boolean again) {
        reading = false;
        if (over || !reference.equals(named)) {
            return;
        }
        wanted = again;
        due = nanos.getAsLong() + RETRY_NANOS;
        if (!complained) {
            complained = true;
            LOG.warn("{} cannot be read ahead, a takeover has to read it: {}", reference, why);
        }
    }

    /** For tests: whether an answer is still out. */
    synchronized boolean isReading() {
        return reading;
    }

    private synchronized boolean isOver() {
        return over;
    }

    /** The wait is over, and what this start does not resume is of no use. */
    public synchronized void granted(Start start) {
        over = true;
        if (named == null || !named.is(start)) {
            plan = null;
        }
    }

    /**
     * The plan of that start, once.
     *
     * @param loader with whose classes it would be read now
     */
    synchronized Optional<Object> take(Start start, ClassLoader loader) {
        Object read = plan;
        plan = null;
        boolean same = named != null && named.is(start) && Objects.equals(loader, classes);
        return same ? Optional.ofNullable(read) : Optional.empty();
    }
}
