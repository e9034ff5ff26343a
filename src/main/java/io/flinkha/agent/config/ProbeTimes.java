package io.flinkha.agent.config;

import io.flinkha.agent.core.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How often the kubelet asks, as it follows from the lease: an agent that hangs for a whole lease
 * duration has lost it, and one that is only slow on a starved node is not started any faster by
 * being ended before. A pod that does not lead any more leaves its Service within half a retry
 * period.
 */
public record ProbeTimes(
        int livenessPeriodSeconds, int livenessFailures, int readinessPeriodSeconds) {
    private static final int LIVENESS_PERIOD_SECONDS = 10;

    public static ProbeTimes of(Duration leaseDuration, Duration retryPeriod) {
        long failures = Math.max(1, leaseDuration.toSeconds() / LIVENESS_PERIOD_SECONDS);
        return new ProbeTimes(
                LIVENESS_PERIOD_SECONDS,
                Math.toIntExact(failures),
                Math.toIntExact(Math.max(1, retryPeriod.toSeconds() / 2)));
    }

    /**
     * By settings without {@code flink-ha.}; IllegalArgumentException with a sentence for each that
     * is wrong.
     */
    public static ProbeTimes of(Map<String, String> settings) {
        Duration lease = AgentSettings.LEASE_DURATION.in(settings);
        Duration renew = AgentSettings.LEASE_RENEW_DEADLINE.in(settings);
        Duration retry = AgentSettings.LEASE_RETRY_PERIOD.in(settings);
        List<String> wrong = Settings.violations(lease, renew, retry);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join(" ", wrong));
        }
        return of(lease, retry);
    }
}
