package io.flinkha.agent.port;

import io.flinkha.agent.core.Moment;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** How an epoch began, as the agent process that began it saw it; a step not reached is absent. */
public record Takeover(long epoch, Map<Step, Moment> steps) {

    /** In their usual order; a JobManager in standby registers before the Lease is taken. */
    public enum Step {
        PROCESS_ENDED,
        EPOCH_BEGAN,
        CLAIMED,
        CONFIRMED,
        JOB_MANAGER_REGISTERED,
        GATE_OPENED,
        ADDRESSES_PUBLISHED,
        FIRST_CHECKPOINT
    }

    public Takeover {
        steps = Collections.unmodifiableMap(new EnumMap<>(steps));
    }
}
