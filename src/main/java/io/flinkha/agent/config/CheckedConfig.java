package io.flinkha.agent.config;

import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.manifest.RestoredFrom.ClaimMode;
import io.flinkha.agent.core.restart.OnFailed;
import io.flinkha.agent.core.restart.RestartPolicy;
import io.flinkha.agent.core.restart.RestorePolicy;
import io.flinkha.agent.core.restart.RestorePolicy.Strategy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The configuration after it was found to be right.
 *
 * @param holder identity in the Lease
 * @param storage URI of the storage
 * @param directory this cluster-id's part of it
 */
public record CheckedConfig(
        String clusterId,
        String namespace,
        String holder,
        Path runDir,
        URI storage,
        String directory,
        Settings settings,
        LogFormat logFormat) {

    /** How the log is written. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    /**
     * What an object name in Kubernetes allows, short enough for the suffixes of the ConfigMaps.
     */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,43}[a-z0-9])?");

    /** One sentence per mistake: what is wrong, where, and what to do. */
    public static final class WrongConfig extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient List<String> mistakes;

        WrongConfig(List<String> mistakes) {
            super(String.join("\n", mistakes));
            this.mistakes = mistakes;
        }

        public List<String> mistakes() {
            return mistakes;
        }
    }

    /**
     * Checks a configuration as a whole.
     *
     * @param ownNamespace namespace of the service account or kubeconfig
     */
    public static CheckedConfig of(AgentConfig config, String ownNamespace) throws WrongConfig {
        List<String> mistakes = new ArrayList<>();
        String clusterId = clusterId(config.clusterId(), mistakes);
        String podName = required(config.pod().name(), "flink-ha.pod.name", mistakes);
        String podUid = required(config.pod().uid(), "flink-ha.pod.uid", mistakes);
        Path runDir = Path.of(config.runDir());
        if (!Files.isDirectory(runDir)) {
            mistakes.add(
                    "flink-ha.run-dir is '%s', which is no directory: mount the volume that is shared with the JobManager there."
                            .formatted(runDir));
        }
        URI storage = StorageUri.checked(config.storage().uri(), mistakes);
        if (!config.storage().timeout().isPositive()) {
            mistakes.add(
                    "flink-ha.storage.timeout is %s: give more than 0."
                            .formatted(config.storage().timeout()));
        }
        mistakes.addAll(
                Settings.violations(
                        config.lease().duration(),
                        config.lease().renewDeadline(),
                        config.lease().retryPeriod()));
        if (config.restart().maxFailures() < 1) {
            mistakes.add(
                    "flink-ha.restart.max-failures is %d: give at least 1."
                            .formatted(config.restart().maxFailures()));
        }
        if (config.job().name().isPresent() && config.controllerUid().isEmpty()) {
            mistakes.add(
                    "flink-ha.controller-uid is missing, but flink-ha.job.name is set: set it to the label batch.kubernetes.io/controller-uid of this pod.");
        }
        OnFailed onFailed =
                oneOf(
                        OnFailed.values(),
                        "flink-ha.restart.on-failed",
                        config.restart().onFailed(),
                        mistakes);
        if (onFailed == OnFailed.PARK && config.job().name().isEmpty()) {
            mistakes.add(
                    "flink-ha.restart.on-failed is park, but flink-ha.job.name is missing: set it to the label batch.kubernetes.io/job-name of this pod, or there is no Job to suspend.");
        }
        LogFormat logFormat =
                oneOf(LogFormat.values(), "flink-ha.log.format", config.log().format(), mistakes);
        RestorePolicy restore = restore(config.restore(), config.keepPreviousRuns(), mistakes);
        if (!mistakes.isEmpty()) {
            throw new WrongConfig(mistakes);
        }
        String namespace = config.namespace().orElse(ownNamespace);
        return new CheckedConfig(
                clusterId,
                namespace,
                podName + "/" + podUid,
                runDir,
                storage,
                new ClusterPlace(clusterId, storage).directory(namespace),
                new Settings(
                        config.lease().duration(),
                        config.lease().renewDeadline(),
                        config.lease().retryPeriod(),
                        config.controllerUid().orElse(""),
                        new RestartPolicy(
                                config.job().name().isPresent(),
                                onFailed,
                                config.restart().maxFailures(),
                                config.restart().window()),
                        restore),
                logFormat);
    }

    public String pod() {
        return holder.substring(0, holder.indexOf('/'));
    }

    /** One that was given outside of a whole configuration. */
    public static String clusterId(@Nullable String given) throws WrongConfig {
        List<String> mistakes = new ArrayList<>();
        String clusterId = clusterId(Optional.ofNullable(given), mistakes);
        if (!mistakes.isEmpty()) {
            throw new WrongConfig(mistakes);
        }
        return clusterId;
    }

    static String clusterId(Optional<String> given, List<String> mistakes) {
        String clusterId = required(given, "flink-ha.cluster-id", mistakes);
        if (!clusterId.isEmpty() && !NAME.matcher(clusterId).matches()) {
            mistakes.add(
                    "flink-ha.cluster-id is '%s': use at most 45 lower-case letters, digits and '-', as Kubernetes names want it."
                            .formatted(clusterId));
        }
        return clusterId;
    }

    static String required(Optional<String> value, String key, List<String> mistakes) {
        if (value.isEmpty() || value.get().isBlank()) {
            mistakes.add(
                    "%s is missing: set it, or the environment variable %s."
                            .formatted(key, key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_")));
            return "";
        }
        return value.get();
    }

    private static RestorePolicy restore(
            AgentConfig.Restore given, int keepPreviousRuns, List<String> mistakes) {
        if (given.nonce().isPresent() && given.path().isEmpty()) {
            mistakes.add(
                    "flink-ha.restore.nonce is set, but flink-ha.restore.path is missing: name the checkpoint or savepoint to start from.");
        }
        if (keepPreviousRuns < 0) {
            mistakes.add(
                    "flink-ha.keep-previous-runs is %d: give 0 or more."
                            .formatted(keepPreviousRuns));
        }
        String path = given.path().orElse(null);
        return new RestorePolicy(
                oneOf(Strategy.values(), "flink-ha.restore.strategy", given.strategy(), mistakes),
                path,
                given.nonce().orElse(path == null ? "" : path),
                given.allowNonRestoredState(),
                oneOf(
                        ClaimMode.values(),
                        "flink-ha.restore.claim-mode",
                        given.claimMode(),
                        mistakes),
                given.maxAge().orElse(null),
                given.allowOlderCheckpoint(),
                keepPreviousRuns);
    }

    /** The first one where it is none of them. */
    private static <T extends Enum<T>> T oneOf(
            T[] all, String key, String value, List<String> mistakes) {
        return named(all, value)
                .orElseGet(() -> {
                    mistakes.add("%s is '%s': give %s.".formatted(key, value, choice(all)));
                    return all[0];
                });
    }

    static <T extends Enum<?>> Optional<T> named(T[] all, String value) {
        return Stream.of(all).filter(known -> spelt(known).equals(value)).findFirst();
    }

    static String choice(Enum<?>[] all) {
        return Stream.of(all).map(CheckedConfig::spelt).collect(Collectors.joining(" or "));
    }

    private static String spelt(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
