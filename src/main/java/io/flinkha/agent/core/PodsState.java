package io.flinkha.agent.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pods; {@code nextAt} is of the next look at the own pod, while its JobManager is missing. */
final class PodsState extends Slot {
    /** Of the own JobManager's container as last read, below 0 before. */
    int restarts = -1;

    /** Nanos at which further restarts were seen. */
    List<Long> crashes = List.of();

    /** A holder whose pod has ended for sure. */
    @Nullable String deadHolder;

    @Override
    public String toString() {
        return text("restarts=" + restarts, "crashes=" + crashes, "deadHolder=" + deadHolder);
    }
}
