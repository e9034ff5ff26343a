package io.flinkha.agent.core.manifest;

/**
 * What a stored plan was made for. A plan of another revision is never run; the pointer to the
 * state is.
 *
 * @param controller UID of the Kubernetes Job
 * @param flink Flink's version
 * @param userCode digest of the user code that the JobManager sees
 */
public record Revision(String controller, String flink, String userCode) {}
