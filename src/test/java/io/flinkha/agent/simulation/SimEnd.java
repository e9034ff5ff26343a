package io.flinkha.agent.simulation;

/** An end of a JobManager's process that may be a failure, unless a person looked after it. */
final class SimEnd {
    final long at;

    /**
     * By the supervisor's record. One by a closed gate is not; the history has it all the same,
     * where an agent that led saw the process end.
     */
    final boolean counts;

    /** An agent that led knew that it came while paused. */
    boolean excused;

    SimEnd(long at, boolean counts) {
        this.at = at;
        this.counts = counts;
    }
}
