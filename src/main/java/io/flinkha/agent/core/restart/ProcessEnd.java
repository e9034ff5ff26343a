package io.flinkha.agent.core.restart;

/**
 * A JobManager's process that has ended, as the supervisor of its container wrote it down.
 *
 * @param number of the process in its pod, from 1 on
 * @param exitCode 128 + the signal where one ended it, {@link #UNSEEN} where nobody saw it
 * @param endedAtSeconds since 1970, by the clock of this node
 */
public record ProcessEnd(long number, int exitCode, long uptimeSeconds, long endedAtSeconds) {
    /** The container ended with it. */
    public static final int UNSEEN = -1;

    /**
     * Whether it counts as a failure. What this agent asked for does not: an API server that is
     * away would use up a job's budget.
     *
     * @param ordered it was to be killed: told so by its closed gate, it may be quicker than that
     */
    public boolean counts(boolean ordered) {
        boolean gateClosed = exitCode == ExitCode.GATE_CLOSED.code() && !ordered;
        return !gateClosed && exitCode != ExitCode.VANISHED.code();
    }

    /** By its code the job is over; it is only if that is recorded. */
    public boolean claimsTheEnd() {
        return exitCode == ExitCode.DONE.code() || exitCode == ExitCode.FAILED.code();
    }
}
