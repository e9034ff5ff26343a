package io.flinkha.agent.core.lease;

import org.jspecify.annotations.Nullable;

/**
 * A stock JobManager's lock, as this process has seen it. Its clock is trusted as little as that of
 * another agent: the lock is dead once it was seen unchanged for long enough.
 *
 * @param since nanos at which it was first seen so
 * @param renewed whether it was seen to change
 */
public record StockWatch(String lock, long since, boolean renewed) {

    /** After one more look; null if there is no lock. */
    public static @Nullable StockWatch after(@Nullable StockWatch before, String lock, long now) {
        if (lock.isEmpty()) {
            return null;
        }
        if (before == null) {
            return new StockWatch(lock, now, false);
        }
        return lock.equals(before.lock) ? before : new StockWatch(lock, now, true);
    }
}
