package io.flinkha.agent.runtime;

/** Time as the loop stamps it: {@code nanos} starts near 0 with the process and never goes back. */
public interface MonotonicClock {
    long nanos();

    long wallMillis();

    static MonotonicClock system() {
        long origin = System.nanoTime();
        return new MonotonicClock() {
            @Override
            public long nanos() {
                return System.nanoTime() - origin;
            }

            @Override
            public long wallMillis() {
                return System.currentTimeMillis();
            }
        };
    }
}
