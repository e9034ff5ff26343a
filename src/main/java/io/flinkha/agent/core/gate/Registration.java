package io.flinkha.agent.core.gate;

/**
 * A JobManager process that called.
 *
 * @param jm its random id, also the content of the lock file that it holds
 * @param flink Flink's version
 * @param userCode digest of the user code that it sees
 */
public record Registration(String jm, String flink, String userCode) {}
