package io.flinkha.agent.core.restart;

import java.time.Duration;

/**
 * When a JobManager that lives is taken for one that does nothing.
 *
 * @param pollTimeout without a call of its process; a long garbage collection must fit
 */
public record Watchdog(Duration pollTimeout, OnNoProgress onNoProgress) {
    /** Below it a JobManager that merely waits for a core would be taken for one that hangs. */
    public static final Duration LEAST_POLL_TIMEOUT = Duration.ofSeconds(10);

    public static final Watchdog STANDARD =
            new Watchdog(Duration.ofSeconds(30), OnNoProgress.REPORT);
}
