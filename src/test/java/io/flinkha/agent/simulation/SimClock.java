package io.flinkha.agent.simulation;

/**
 * A pod's monotonic clock: it starts anywhere and runs at its own rate, which may change; it stands
 * still only while the pod's VM is paused.
 */
final class SimClock {
    private double rate;
    private double usualRate;
    private long baseTrue;
    private long baseHere;

    SimClock(double rate, long offset) {
        this.rate = rate;
        usualRate = rate;
        baseHere = offset;
    }

    /** What this clock shows at a true time. */
    long at(long trueNanos) {
        return baseHere + (long) ((trueNanos - baseTrue) * rate);
    }

    /** How long it truly takes until so much has passed here, if nothing changes. */
    long trueNanos(long nanosHere) {
        return (long) (nanosHere / usualRate);
    }

    void drift(long trueNanos, double newRate) {
        usualRate = newRate;
        if (rate > 0) {
            set(trueNanos, newRate);
        }
    }

    void pause(long trueNanos) {
        set(trueNanos, 0);
    }

    void resume(long trueNanos) {
        set(trueNanos, usualRate);
    }

    private void set(long trueNanos, double newRate) {
        baseHere = at(trueNanos);
        baseTrue = trueNanos;
        rate = newRate;
    }
}
