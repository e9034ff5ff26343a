package io.flinkha.flink.agent;

import java.util.UUID;

/** A leadership: its number, Flink's session id and what to start. */
public final class Grant {
    private final long epoch;
    private final UUID session;
    private final Start start;

    Grant(long epoch, UUID session, Start start) {
        this.epoch = epoch;
        this.session = session;
        this.start = start;
    }

    public long epoch() {
        return epoch;
    }

    public UUID session() {
        return session;
    }

    public Start start() {
        return start;
    }
}
