package io.flinkha.agent.core;

import io.flinkha.agent.core.restart.RestartPolicy;
import io.flinkha.agent.core.restart.RestorePolicy;
import io.flinkha.agent.core.restart.Watchdog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The numbers that the decisions depend on, with their relations enforced.
 *
 * @param leaseDuration how long a Lease must be seen unchanged before it counts as expired
 * @param renewDeadline how long after the last successful renewal the gate stays open
 * @param retryPeriod time between two renewals, and between two looks of a contender
 * @param hold how long one look at the storage keeps the gate open while the API server does not
 *     answer, and what others wait for, times the tolerance, who may not have seen this process
 *     end; zero where the storage is no witness
 * @param controllerUid UID of the controlling Kubernetes Job, part of the revision; empty outside
 *     of one
 * @param restart when that Job is told something
 * @param restore what a new run starts from
 * @param watchdog when a JobManager is taken for one that does nothing
 * @param standby whether this pod may be one of two: its JobManager starts before the pod leads,
 *     and a leader whose JobManager has ended hands over to the other one
 */
public record Settings(
        Duration leaseDuration,
        Duration renewDeadline,
        Duration retryPeriod,
        Duration hold,
        String controllerUid,
        RestartPolicy restart,
        RestorePolicy restore,
        Watchdog watchdog,
        boolean standby) {

    /** For what a claim asks the storage for, before any gate is open. */
    static final Duration CLAIM_TIMEOUT = Duration.ofSeconds(10);

    /** For all copies, of which somebody may have put many. */
    static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    /** Clock rates of two nodes may differ by this much before two gates could overlap. */
    public static final double CLOCK_RATE_TOLERANCE = 0.17;

    /** One look at the storage must outlive two polls of the JobManager. */
    public static final Duration SHORTEST_HOLD = Duration.ofSeconds(4);

    /** Whoever takes over waits for it. */
    public static final Duration LONGEST_HOLD = Duration.ofMinutes(10);

    /** Without the storage as a witness, of one pod alone. */
    public Settings(
            Duration leaseDuration,
            Duration renewDeadline,
            Duration retryPeriod,
            String controllerUid,
            RestartPolicy restart,
            RestorePolicy restore,
            Watchdog watchdog) {
        this(
                leaseDuration,
                renewDeadline,
                retryPeriod,
                Duration.ZERO,
                controllerUid,
                restart,
                restore,
                watchdog,
                false);
    }

    /** Outside of a Kubernetes Job. */
    public Settings(
            Duration leaseDuration,
            Duration renewDeadline,
            Duration retryPeriod,
            String controllerUid) {
        this(
                leaseDuration,
                renewDeadline,
                retryPeriod,
                controllerUid,
                RestartPolicy.NONE,
                RestorePolicy.LATEST_STATE,
                Watchdog.STANDARD);
    }

    public Settings {
        List<String> wrong = violations(leaseDuration, renewDeadline, retryPeriod);
        if (!hold.isZero()) {
            wrong.addAll(violationsOfHold(hold, renewDeadline, retryPeriod));
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", wrong));
        }
    }

    /** One sentence for each relation that does not hold. */
    public static List<String> violations(Duration lease, Duration renew, Duration retry) {
        List<String> wrong = new ArrayList<>();
        if (lease.toMillis() % 1000 != 0 || lease.toSeconds() < 1) {
            wrong.add(
                    "flink-ha.lease.duration is %s: the Lease API counts whole seconds, give at least 1s."
                            .formatted(lease));
        }
        if (renew.toMillis() * (1 + CLOCK_RATE_TOLERANCE) > lease.toMillis()) {
            wrong.add(
                    ("flink-ha.lease.renew-deadline is %s: it must be at most flink-ha.lease.duration (%s) divided by"
                                    + " 1.17, or clocks of different rate could open two gates.")
                            .formatted(renew, lease));
        }
        if (retry.isZero() || retry.isNegative() || retry.toMillis() * 1.2 > renew.toMillis()) {
            wrong.add(
                    ("flink-ha.lease.retry-period is %s: it must be above 0 and at most"
                                    + " flink-ha.lease.renew-deadline (%s) divided by 1.2.")
                            .formatted(retry, renew));
        }
        return wrong;
    }

    /** The same of what the storage as a witness asks for. */
    public static List<String> violationsOfHold(Duration hold, Duration renew, Duration retry) {
        List<String> wrong = new ArrayList<>();
        if (hold.toMillis() % 1000 != 0
                || hold.compareTo(SHORTEST_HOLD) < 0
                || hold.compareTo(LONGEST_HOLD) > 0) {
            wrong.add(
                    "flink-ha.failsafe.hold is %s: the Lease carries whole seconds, give at least %d s and at most %d."
                            .formatted(hold, SHORTEST_HOLD.toSeconds(), LONGEST_HOLD.toSeconds()));
        }
        if (retry.toMillis() * 1.2 > renew.toMillis() / 2.0) {
            wrong.add(
                    ("flink-ha.lease.retry-period is %s: with flink-ha.failsafe it must be at most half of"
                                    + " flink-ha.lease.renew-deadline (%s) divided by 1.2, or the storage would be"
                                    + " asked while the API server answers.")
                            .formatted(retry, renew));
        }
        return wrong;
    }

    /** The same with another hold. */
    public Settings withHold(Duration other) {
        return new Settings(
                leaseDuration,
                renewDeadline,
                retryPeriod,
                other,
                controllerUid,
                restart,
                restore,
                watchdog,
                standby);
    }

    /** The same for one of two pods. */
    public Settings withStandby() {
        return new Settings(
                leaseDuration,
                renewDeadline,
                retryPeriod,
                hold,
                controllerUid,
                restart,
                restore,
                watchdog,
                true);
    }

    /** What another one's hold is waited for: the clock that it counts on may be the slower one. */
    static long waitNanos(long holdNanos) {
        return (long) (holdNanos * (1 + CLOCK_RATE_TOLERANCE));
    }

    /** Between two looks at the storage: one that gets lost must not close the gate. */
    Duration lookPeriod() {
        return hold.dividedBy(4);
    }

    /** After this long a look is asked for again; one that hangs must not close the gate either. */
    Duration lookTimeout() {
        return hold.dividedBy(2);
    }

    /** After this long without an answer a call to the API server counts as of unknown outcome. */
    public Duration callTimeout() {
        long millis = Math.clamp(renewDeadline.toMillis() / 4, 1, 10_000);
        return Duration.ofMillis(millis);
    }

    /** Pause after a failure: none where what is there now only has to be read. */
    Duration pauseAfter(Outcome outcome) {
        boolean readAtOnce = outcome == Outcome.CONFLICT || outcome == Outcome.NOT_FOUND;
        return readAtOnce ? Duration.ZERO : retryAfterFailure();
    }

    /**
     * Pause before a call that failed is repeated; short, because the gate's deadline is running.
     */
    public Duration retryAfterFailure() {
        long millis = Math.clamp(retryPeriod.toMillis() / 5, 1, 2_000);
        return Duration.ofMillis(millis);
    }
}
