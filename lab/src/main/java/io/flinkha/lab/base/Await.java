package io.flinkha.lab.base;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for something that only other processes can bring about; gives up loudly. */
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Await() {}

    /** Waits until the condition holds. */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        if (!holdsWithin(limit, condition)) {
            throw new IllegalStateException(
                    "Waited " + limit.toSeconds() + " s in vain for: " + what);
        }
    }

    public static boolean holdsWithin(Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("Interrupted");
            }
        }
        return true;
    }

    /**
     * Lets real time pass: the length of an outage or of a window in which something is counted.
     */
    public static void pass(Duration time) {
        holdsWithin(time, () -> false);
    }
}
