package io.flinkha.agent.simulation;

import org.jspecify.annotations.Nullable;

/** An end of a JobManager's process that may be a failure, unless a person looked after it. */
final class SimEnd {
    final long at;

    /**
     * By the supervisor's record alone. One by a closed gate does not; the history may have it, and
     * an agent that ordered it knows, until it ends itself.
     */
    final boolean counts;

    /**
     * An agent that knows that it came while paused. The next one reads that in the history, if the
     * process served.
     */
    @Nullable SimAgent excusedBy;

    SimEnd(long at, boolean counts) {
        this.at = at;
        this.counts = counts;
    }
}
