package io.flinkha.agent.core.restart;

/**
 * What a JobManager that the agent ends exits with. The table in docs/PROTOCOL.md is the contract.
 */
public enum ExitCode {
    /** The job of this revision has finished or was cancelled. */
    DONE(0),
    /** The gate is closed; the kubelet restarts the container. */
    GATE_CLOSED(75),
    /** The state to start from cannot be found, or the witnesses disagree. */
    REFUSED(78),
    /** Asked to end by SIGTERM, and to be gone before a task hears of it: 128 + 15. */
    VANISHED(143),
    /** The job of this revision has failed for good: Flink's 1443 modulo 256. */
    FAILED(163);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
