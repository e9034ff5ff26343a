package io.flinkha.agent.simulation;

/**
 * A pod's monotonic clock: it starts anywhere and runs at its own rate, but it never stands still.
 */
record SimClock(double rate, long offset) {
    static final double MIN_RATE = 0.92;
    static final double MAX_RATE = 1.08;

    /** What this clock shows at a true time. */
    long at(long trueNanos) {
        return offset + (long) (trueNanos * rate);
    }

    /** How long it truly takes until so much has passed here. */
    long trueNanos(long nanosHere) {
        return (long) (nanosHere / rate);
    }
}
