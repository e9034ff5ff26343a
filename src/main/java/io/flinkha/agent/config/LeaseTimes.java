package io.flinkha.agent.config;

import io.flinkha.agent.config.AgentSettings.Failsafe;
import io.flinkha.agent.core.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The numbers of the Lease, and of the storage as second witness, which belong together: with the
 * storage the Lease may be short.
 *
 * @param hold zero where the storage is no witness
 */
record LeaseTimes(Duration duration, Duration renewDeadline, Duration retryPeriod, Duration hold) {

    private static final LeaseTimes BESIDE_THE_STORAGE =
            new LeaseTimes(
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(3),
                    Duration.ZERO);

    /** What is wrong with them is told to {@code given}. */
    static LeaseTimes of(Given given, URI storage) {
        Failsafe wish = given.get(AgentSettings.FAILSAFE);
        Duration hold = given.get(AgentSettings.FAILSAFE_HOLD);
        LeaseTimes alone =
                new LeaseTimes(
                        given.get(AgentSettings.LEASE_DURATION),
                        given.get(AgentSettings.LEASE_RENEW_DEADLINE),
                        given.get(AgentSettings.LEASE_RETRY_PERIOD),
                        Duration.ZERO);
        given.wrong(Settings.violations(alone.duration, alone.renewDeadline, alone.retryPeriod));
        boolean isWitness =
                wish == Failsafe.TRUE
                        || (wish == Failsafe.AUTO && !"file".equals(storage.getScheme()));
        if (!isWitness) {
            return alone;
        }
        // A number of theirs beside two of ours would not fit together.
        LeaseTimes times = isAnyGiven(given) ? alone : BESIDE_THE_STORAGE;
        List<String> wrong =
                Settings.violationsOfHold(hold, times.renewDeadline, times.retryPeriod);
        if (wish == Failsafe.AUTO && !wrong.isEmpty()) {
            // Nobody asked for it: what they gave was right before there was such a thing.
            return alone;
        }
        given.wrong(wrong);
        return new LeaseTimes(times.duration, times.renewDeadline, times.retryPeriod, hold);
    }

    private static boolean isAnyGiven(Given given) {
        return Stream.of(
                        AgentSettings.LEASE_DURATION,
                        AgentSettings.LEASE_RENEW_DEADLINE,
                        AgentSettings.LEASE_RETRY_PERIOD)
                .anyMatch(given::isGiven);
    }
}
