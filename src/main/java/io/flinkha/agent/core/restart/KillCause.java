package io.flinkha.agent.core.restart;

/** Why a JobManager's process that lives is ended. */
public enum KillCause {
    /** It does not poll: its JVM stands still. */
    HUNG("the JobManager hung"),
    /** It polls, but what runs the job in it does not answer. */
    MAIN_THREAD("the JobManager's main threads hung"),
    NO_PROGRESS("no checkpoint completed for too long"),
    /** It should have ended by itself. */
    GATE_CLOSED("its gate had closed, and it lived on");

    private final String reason;

    KillCause(String reason) {
        this.reason = reason;
    }

    /** In the history of the epoch that follows. */
    public String reason() {
        return reason;
    }
}
