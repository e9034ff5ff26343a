package io.flinkha.agent.core.restart;

import org.jspecify.annotations.Nullable;

/** What an end of a JobManager's process was, for people and for counting. */
public enum EndCause {
    /** Finished, cancelled or failed for good, and that is recorded. */
    JOB_OVER,
    /** It says that the job is over, and nothing of that is recorded. */
    NO_RESULT,
    /** Leadership was lost, or the agent was away for too long. */
    GATE_CLOSED,
    /** There is no state to start from. */
    REFUSED,
    /** By a SIGTERM that was not to stop the job. */
    MOVED,
    /** By the agent's order. */
    WATCHDOG,
    /** By SIGKILL: the kernel's for want of memory, or somebody's. */
    KILLED,
    /** Together with its supervisor. */
    CONTAINER,
    /** By a code of its own. */
    ERROR;

    private static final int SIGKILL = 137;

    /**
     * What an end was.
     *
     * @param recorded the exit code that the job's recorded end asks for; null while it is not over
     * @param ordered whether this process was to be killed
     */
    public static EndCause of(ProcessEnd end, @Nullable ExitCode recorded, boolean ordered) {
        if (end.claimsTheEnd()) {
            return recorded == null ? NO_RESULT : JOB_OVER;
        }
        if (ordered) {
            return WATCHDOG;
        }
        if (end.exitCode() == ProcessEnd.UNSEEN) {
            return CONTAINER;
        }
        if (end.exitCode() == SIGKILL) {
            return KILLED;
        }
        return switch (ExitCode.find(end.exitCode())) {
            case GATE_CLOSED -> GATE_CLOSED;
            case REFUSED -> REFUSED;
            case VANISHED -> MOVED;
            case null, default -> ERROR;
        };
    }
}
