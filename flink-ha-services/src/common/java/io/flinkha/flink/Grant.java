package io.flinkha.flink;

import java.util.UUID;

/** A leadership: its number, Flink's session id and what to start. */
final class Grant {
    private final long epoch;
    private final UUID session;
    private final BootPlan plan;

    Grant(long epoch, UUID session, BootPlan plan) {
        this.epoch = epoch;
        this.session = session;
        this.plan = plan;
    }

    long epoch() {
        return epoch;
    }

    UUID session() {
        return session;
    }

    BootPlan plan() {
        return plan;
    }
}
