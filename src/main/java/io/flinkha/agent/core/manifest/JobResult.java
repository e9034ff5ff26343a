package io.flinkha.agent.core.manifest;

/**
 * How a run ended for good.
 *
 * @param cause the exception as text, empty if there was none
 * @param time ISO-8601, for people
 * @param savepoint that a finished run was stopped with; empty if it was not, {@link #UNKNOWN} if
 *     that could not be seen
 */
public record JobResult(String jobId, Status status, String cause, String time, String savepoint) {
    public static final String UNKNOWN = "unknown";

    public enum Status {
        FINISHED,
        FAILED,
        CANCELED
    }

    /** One that was not stopped with a savepoint. */
    public JobResult(String jobId, Status status, String cause, String time) {
        this(jobId, status, cause, time, "");
    }
}
