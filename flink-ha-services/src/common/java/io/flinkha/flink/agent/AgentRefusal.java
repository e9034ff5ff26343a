package io.flinkha.flink.agent;

/** The agent answered, and the answer is a definite no: the call was not carried out. */
public final class AgentRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;
    private final String reason;

    AgentRefusal(int status, String error, String reason) {
        super(
                "the agent answered "
                        + status
                        + " "
                        + error
                        + (reason.isEmpty() ? "" : ": " + reason));
        this.status = status;
        this.error = error;
        this.reason = reason;
    }

    public boolean isNotFound() {
        return status == 404;
    }

    public boolean isUnregistered() {
        return error.equals("UNREGISTERED");
    }

    boolean isFenced() {
        return status == 409 && error.equals("FENCED");
    }

    /** As the agent words it. */
    String reason() {
        return reason;
    }
}
