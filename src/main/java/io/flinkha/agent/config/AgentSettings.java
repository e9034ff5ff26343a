package io.flinkha.agent.config;

import io.flinkha.agent.core.manifest.RestoredFrom.ClaimMode;
import io.flinkha.agent.core.restart.OnFailed;
import io.flinkha.agent.core.restart.RestorePolicy.Strategy;
import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The agent's settings by their keys, {@code flink-ha.} left out. */
public final class AgentSettings {
    private static final int MAX_PORT = 65_535;

    private static final Value ANYTHING = new Value(value -> true, "");
    private static final Value PORT =
            new Value(value -> isWhole(value, 1, MAX_PORT), "a port between 1 and 65535");
    private static final Value TIME =
            new Value(AgentSettings::isTime, "a time above 0, such as 30s or 1h");
    // The configuration's own reader takes whatever it does not know for false.
    private static final Value YES_OR_NO =
            new Value(Set.of("true", "false")::contains, "true or false");

    /** What somebody may want to say of one application; the rest follows from its pod. */
    private static final Map<String, Value> OF_A_JOB =
            Map.ofEntries(
                    Map.entry("control.port", PORT),
                    Map.entry("keep-previous-runs", Value.atLeast(0)),
                    Map.entry("lease.duration", TIME),
                    Map.entry("lease.renew-deadline", TIME),
                    Map.entry("lease.retry-period", TIME),
                    Map.entry("log.format", Value.oneOf(CheckedConfig.LogFormat.values())),
                    Map.entry("management.port", PORT),
                    Map.entry("restart.max-failures", Value.atLeast(1)),
                    Map.entry("restart.on-failed", Value.oneOf(OnFailed.values())),
                    Map.entry("restart.window", TIME),
                    Map.entry("restore.allow-non-restored-state", YES_OR_NO),
                    Map.entry("restore.allow-older-checkpoint", YES_OR_NO),
                    Map.entry("restore.claim-mode", Value.oneOf(ClaimMode.values())),
                    Map.entry("restore.max-age", TIME),
                    Map.entry("restore.nonce", ANYTHING),
                    Map.entry("restore.path", ANYTHING),
                    Map.entry("restore.strategy", Value.oneOf(Strategy.values())),
                    Map.entry("storage.endpoint", ANYTHING),
                    Map.entry("storage.region", ANYTHING),
                    Map.entry("storage.timeout", TIME),
                    Map.entry("warm-standby", YES_OR_NO));

    private record Value(Predicate<String> fits, String instead) {
        static Value atLeast(int least) {
            return new Value(
                    value -> isWhole(value, least, Integer.MAX_VALUE),
                    "a whole number of at least " + least);
        }

        static Value oneOf(Enum<?>[] all) {
            return new Value(
                    value -> CheckedConfig.named(all, value).isPresent(),
                    CheckedConfig.choice(all));
        }
    }

    private AgentSettings() {}

    public static Set<String> ofAJob() {
        return OF_A_JOB.keySet();
    }

    /**
     * What to give in place of a value that the agent would not start with, or misunderstand.
     *
     * @param key one of {@link #ofAJob}
     */
    public static Optional<String> inPlaceOf(String key, String value) {
        return Optional.ofNullable(OF_A_JOB.get(key))
                .filter(known -> !known.fits().test(value))
                .map(Value::instead);
    }

    /** The environment variable that a setting is read from. */
    public static String variable(String key) {
        return ("flink-ha." + key).toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    private static boolean isWhole(String value, int least, int most) {
        if (!value.matches("[0-9]{1,10}")) {
            return false;
        }
        long number = Long.parseLong(value);
        return number >= least && number <= most;
    }

    private static boolean isTime(String value) {
        try {
            Duration time = DurationConverter.parseDuration(value);
            return time != null && time.isPositive();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
