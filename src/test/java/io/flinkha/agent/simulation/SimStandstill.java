package io.flinkha.agent.simulation;

/** SIGSTOPs of one process, in true time; one may begin before the last is over. */
final class SimStandstill {
    private long since;
    private long until;
    private long longest;

    void begin(long now, long duration) {
        since = isOn(now) ? since : now;
        until = Math.max(until, now + duration);
        longest = Math.max(longest, until - since);
    }

    boolean isOn(long now) {
        return now < until;
    }

    long longest() {
        return longest;
    }
}
