package io.flinkha.flink;

/** The agent answered, and the answer is a definite no: the call was not carried out. */
final class AgentRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;

    AgentRefusal(int status, String error, String reason) {
        super(
                "the agent answered "
                        + status
                        + " "
                        + error
                        + (reason.isEmpty() ? "" : ": " + reason));
        this.status = status;
        this.error = error;
    }

    boolean isNotFound() {
        return status == 404;
    }

    boolean isUnregistered() {
        return error.equals("UNREGISTERED");
    }
}
