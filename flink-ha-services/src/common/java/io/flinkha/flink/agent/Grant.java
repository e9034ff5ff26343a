package io.flinkha.flink.agent;

import java.util.UUID;

/** A leadership: its number, Flink's session id and what to start. */
public final class Grant {
    private final long epoch;
    private final UUID session;
    private final BootPlan plan;

    public Grant(long epoch, UUID session, BootPlan plan) {
        this.epoch = epoch;
        this.session = session;
        this.plan = plan;
    }

    public long epoch() {
        return epoch;
    }

    public UUID session() {
        return session;
    }

    public BootPlan plan() {
        return plan;
    }
}
