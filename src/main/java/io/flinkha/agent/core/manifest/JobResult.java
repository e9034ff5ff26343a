package io.flinkha.agent.core.manifest;

/**
 * How a run ended for good.
 *
 * @param cause the exception as text, empty if there was none
 * @param time ISO-8601, for people
 */
public record JobResult(String jobId, Status status, String cause, String time) {

    public enum Status {
        FINISHED,
        FAILED,
        CANCELED
    }
}
