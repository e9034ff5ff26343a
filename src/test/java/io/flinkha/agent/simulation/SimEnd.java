package io.flinkha.agent.simulation;

/** An end of a JobManager's process that is a failure, unless a person looked after it. */
final class SimEnd {
    final long at;

    /** An agent that led knew that it came while paused. */
    boolean excused;

    SimEnd(long at) {
        this.at = at;
    }
}
