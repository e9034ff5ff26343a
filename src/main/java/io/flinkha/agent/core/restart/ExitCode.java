package io.flinkha.agent.core.restart;

import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.JobResult.Status;
import org.jspecify.annotations.Nullable;

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

    /** That of a JobManager whose job ended so. */
    public static ExitCode of(JobResult result) {
        return result.status() == Status.FAILED ? FAILED : DONE;
    }

    ExitCode(int code) {
        this.code = code;
    }

    /** Null for a code that is none of these. */
    static @Nullable ExitCode find(int code) {
        for (ExitCode one : values()) {
            if (one.code == code) {
                return one;
            }
        }
        return null;
    }

    public int code() {
        return code;
    }
}
