package io.flinkha.agent.config;

import io.flinkha.agent.config.AgentSettings.LogFormat;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.restart.OnFailed;
import io.flinkha.agent.core.restart.RestartPolicy;
import io.flinkha.agent.core.restart.RestorePolicy;
import io.flinkha.agent.core.restart.Watchdog;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * The configuration after it was found to be right.
 *
 * @param holder identity in the Lease
 * @param storage URI of the storage
 * @param directory this cluster-id's part of it
 * @param jobName of the Kubernetes Job that runs this pod; empty outside of one
 */
public record CheckedConfig(
        String clusterId,
        String namespace,
        String holder,
        Path runDir,
        URI storage,
        String directory,
        ObjectStore objectStore,
        Settings settings,
        String jobName,
        LogFormat logFormat) {

    /** How the storage is reached, where it is none of files. */
    public record ObjectStore(
            @Nullable String endpoint, @Nullable String region, Duration timeout) {}

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
    public static CheckedConfig of(Config config, String ownNamespace) throws WrongConfig {
        Given given = new Given(setting -> config.getOptionalValue(setting.name(), String.class));
        refuseUnknown(config, given);
        ClusterPlace place = ClusterPlace.of(given);
        String podName = given.required(AgentSettings.POD_NAME);
        String podUid = given.required(AgentSettings.POD_UID);
        Path runDir = Path.of(given.get(AgentSettings.RUN_DIR));
        if (!Files.isDirectory(runDir)) {
            given.wrong(
                    "flink-ha.run-dir is '%s', which is no directory: mount the volume that is shared with the JobManager there."
                            .formatted(runDir));
        }
        ObjectStore objectStore =
                new ObjectStore(
                        given.find(AgentSettings.STORAGE_ENDPOINT).orElse(null),
                        given.find(AgentSettings.STORAGE_REGION).orElse(null),
                        given.get(AgentSettings.STORAGE_TIMEOUT));
        LeaseTimes times = LeaseTimes.of(given, place.storage());
        String jobName = given.find(AgentSettings.JOB_NAME).orElse("");
        String controllerUid = given.find(AgentSettings.CONTROLLER_UID).orElse("");
        if (!jobName.isEmpty() && controllerUid.isEmpty()) {
            given.wrong(
                    "flink-ha.controller-uid is missing, but flink-ha.job.name is set: set it to the label batch.kubernetes.io/controller-uid of this pod.");
        }
        RestartPolicy restart = restart(given, !jobName.isEmpty());
        RestorePolicy restore = restore(given);
        Watchdog watchdog = watchdog(given);
        boolean standby = given.get(AgentSettings.WARM_STANDBY);
        LogFormat logFormat = given.get(AgentSettings.LOG_FORMAT);
        String namespace = given.find(AgentSettings.NAMESPACE).orElse(ownNamespace);
        given.check();
        return new CheckedConfig(
                place.clusterId(),
                namespace,
                podName + "/" + podUid,
                runDir,
                place.storage(),
                place.directory(namespace),
                objectStore,
                new Settings(
                        times.duration(),
                        times.renewDeadline(),
                        times.retryPeriod(),
                        times.hold(),
                        controllerUid,
                        restart,
                        restore,
                        watchdog,
                        standby),
                jobName,
                logFormat);
    }

    public String pod() {
        return holder.substring(0, holder.indexOf('/'));
    }

    public String podUid() {
        return holder.substring(holder.indexOf('/') + 1);
    }

    /** One that was given outside of a whole configuration. */
    public static String clusterId(@Nullable String value) throws WrongConfig {
        Given given = new Given(setting -> Optional.ofNullable(value));
        String clusterId = given.required(AgentSettings.CLUSTER_ID);
        given.check();
        return clusterId;
    }

    /** The environment is shared with others' variables, whatever they are called. */
    private static void refuseUnknown(Config config, Given given) {
        StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith("flink-ha."))
                .filter(name ->
                        AgentSettings.all().stream()
                                .noneMatch(setting -> setting.name().equals(name)))
                .filter(name ->
                        !String.valueOf(config.getConfigValue(name).getSourceName())
                                .startsWith("EnvConfigSource"))
                .sorted()
                .forEach(name ->
                        given.wrong(
                                "%s is not known: docs/CONFIGURATION.md has all settings."
                                        .formatted(name)));
    }

    private static RestartPolicy restart(Given given, boolean inAJob) {
        OnFailed onFailed = given.get(AgentSettings.RESTART_ON_FAILED);
        if (onFailed == OnFailed.PARK && !inAJob) {
            given.wrong(
                    "flink-ha.restart.on-failed is park, but flink-ha.job.name is missing: set it to the label batch.kubernetes.io/job-name of this pod, or there is no Job to suspend.");
        }
        return new RestartPolicy(
                inAJob,
                onFailed,
                given.get(AgentSettings.RESTART_MAX_FAILURES),
                given.get(AgentSettings.RESTART_WINDOW));
    }

    private static Watchdog watchdog(Given given) {
        return new Watchdog(
                given.get(AgentSettings.WATCHDOG_POLL_TIMEOUT),
                given.get(AgentSettings.WATCHDOG_ON_NO_PROGRESS));
    }

    private static RestorePolicy restore(Given given) {
        String path = given.find(AgentSettings.RESTORE_PATH).orElse(null);
        Optional<String> nonce = given.find(AgentSettings.RESTORE_NONCE);
        if (nonce.isPresent() && path == null) {
            given.wrong(
                    "flink-ha.restore.nonce is set, but flink-ha.restore.path is missing: name the checkpoint or savepoint to start from.");
        }
        return new RestorePolicy(
                given.get(AgentSettings.RESTORE_STRATEGY),
                path,
                nonce.orElse(path == null ? "" : path),
                given.get(AgentSettings.RESTORE_ALLOW_NON_RESTORED_STATE),
                given.get(AgentSettings.RESTORE_CLAIM_MODE),
                given.find(AgentSettings.RESTORE_MAX_AGE).orElse(null),
                given.get(AgentSettings.RESTORE_ALLOW_OLDER_CHECKPOINT),
                given.get(AgentSettings.KEEP_PREVIOUS_RUNS));
    }
}
