package io.flinkha.agent.config;

import java.util.Locale;
import java.util.Set;

/** The agent's settings by their keys, {@code flink-ha.} left out. */
public final class AgentSettings {
    /** What somebody may want to say of one application; the rest follows from its pod. */
    public static final Set<String> OF_A_JOB =
            Set.of(
                    "control.port",
                    "keep-previous-runs",
                    "lease.duration",
                    "lease.renew-deadline",
                    "lease.retry-period",
                    "log.format",
                    "management.port",
                    "restart.max-failures",
                    "restart.on-failed",
                    "restart.window",
                    "restore.allow-non-restored-state",
                    "restore.allow-older-checkpoint",
                    "restore.claim-mode",
                    "restore.max-age",
                    "restore.nonce",
                    "restore.path",
                    "restore.strategy",
                    "storage.endpoint",
                    "storage.region",
                    "storage.timeout",
                    "warm-standby");

    private AgentSettings() {}

    /** The environment variable that a setting is read from. */
    public static String variable(String key) {
        return ("flink-ha." + key).toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }
}
