package io.flinkha.agent.core;

import org.jspecify.annotations.Nullable;

/** The pod that holds the Lease, where that is another one. */
final class PodsState extends Slot {
    /** A holder whose pod has ended for sure. */
    @Nullable String deadHolder;

    /**
     * A holder whose pod is being deleted, or is gone: whether or not it lives, it will not stay.
     */
    @Nullable String leavingHolder;

    @Override
    public String toString() {
        return text("deadHolder=" + deadHolder, "leavingHolder=" + leavingHolder);
    }
}
