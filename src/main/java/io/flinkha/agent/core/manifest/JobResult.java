package io.flinkha.agent.core.manifest;

import java.time.DateTimeException;
import java.time.Instant;

/**
 * How a run ended for good.
 *
 * @param cause the exception as text, empty if there was none
 * @param time ISO-8601, for people
 * @param savepoint that a finished run was stopped with; empty if it was not, {@link #UNKNOWN} if
 *     that could not be seen
 * @param discarded Flink deletes its checkpoints once this is recorded
 */
public record JobResult(
        String jobId,
        Status status,
        String cause,
        String time,
        String savepoint,
        boolean discarded) {
    public static final String UNKNOWN = "unknown";

    public enum Status {
        FINISHED,
        FAILED,
        CANCELED
    }

    /** One that was not stopped with a savepoint, and whose checkpoints stay if they may. */
    public JobResult(String jobId, Status status, String cause, String time) {
        this(jobId, status, cause, time, "", status == Status.FINISHED);
    }

    /** One that was stopped with a savepoint. */
    public boolean hasSavepoint() {
        return !savepoint.isEmpty() && !savepoint.equals(UNKNOWN);
    }

    /** Milliseconds since 1970, 0 if the time is none. */
    long timeMillis() {
        try {
            return Instant.parse(time).toEpochMilli();
        } catch (DateTimeException e) {
            return 0;
        }
    }
}
