package io.flinkha.agent.config;

import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.manifest.RestoredFrom.ClaimMode;
import io.flinkha.agent.core.restart.OnFailed;
import io.flinkha.agent.core.restart.OnNoProgress;
import io.flinkha.agent.core.restart.RestorePolicy.Strategy;
import io.flinkha.agent.core.restart.Watchdog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Every setting of the agent, told once, in the order of docs/CONFIGURATION.md, whose table is made
 * of this one: {@code make generate}. The reader, the annotations of an injected Job, the options
 * of the commands and {@code /status} know what stands here.
 */
public final class AgentSettings {
    private static final List<AgentSetting<?>> TABLE = new ArrayList<>();

    /** How the log is written. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    /** Whether the storage is a witness. */
    public enum Failsafe {
        AUTO,
        TRUE,
        FALSE
    }

    /** Whether an injected Job gets those of a container. */
    public enum RestartRules {
        AUTO,
        TRUE,
        FALSE
    }

    public static final AgentSetting<String> CLUSTER_ID =
            add(
                    new AgentSetting<>("cluster-id", Kind.NAME)
                            .otherwise("required")
                            .option("--cluster-id", "as the agent's"),
                    "name of the application's cluster; the Lease and the ConfigMaps are named after it; the same as the TaskManagers' `kubernetes.cluster-id`");

    public static final AgentSetting<String> NAMESPACE =
            add(
                    new AgentSetting<>("namespace", Kind.TEXT)
                            .otherwise("that of the service account or kubeconfig")
                            .option(
                                    "--namespace",
                                    "as the agent's; by default that of the kubeconfig or service account"),
                    "namespace of the Lease and the ConfigMaps");

    public static final AgentSetting<String> POD_NAME =
            add(
                    new AgentSetting<>("pod.name", Kind.TEXT).otherwise("required"),
                    "name of this pod (downward API)");

    public static final AgentSetting<String> POD_UID =
            add(
                    new AgentSetting<>("pod.uid", Kind.TEXT).otherwise("required"),
                    "UID of this pod (downward API)");

    public static final AgentSetting<String> CONTROLLER_UID =
            add(
                    new AgentSetting<>("controller-uid", Kind.TEXT),
                    "UID of the Kubernetes Job (label `batch.kubernetes.io/controller-uid`); a stored plan is used only under the same one");

    public static final AgentSetting<String> JOB_NAME =
            add(
                    new AgentSetting<>("job.name", Kind.TEXT)
                            .option("--job", "name of the Kubernetes Job, where it is not known"),
                    "name of the Kubernetes Job (label `batch.kubernetes.io/job-name`); without it no Job is told anything, and no pod of another holder is read");

    public static final AgentSetting<OnFailed> RESTART_ON_FAILED =
            add(
                    new AgentSetting<>("restart.on-failed", Kind.oneOf(OnFailed.values()))
                            .byDefault("fail")
                            .ofAJob(),
                    "what becomes of the Kubernetes Job when the Flink job has failed for good: `fail` (it fails, pod and logs stay), or `park` (it is suspended; once its `spec.suspend` is set to `false` again, main() runs and the job goes on from its latest state)");

    public static final AgentSetting<Integer> RESTART_MAX_FAILURES =
            add(
                    new AgentSetting<>("restart.max-failures", Kind.atLeast(1))
                            .byDefault("10")
                            .ofAJob(),
                    "ends of the JobManager's process in this pod, within the window, after which the agent fails the Job");

    public static final AgentSetting<Duration> RESTART_WINDOW =
            add(
                    new AgentSetting<>("restart.window", Kind.TIME).byDefault("1h").ofAJob(),
                    "the window in which they are counted");

    public static final AgentSetting<Duration> WATCHDOG_POLL_TIMEOUT =
            add(
                    new AgentSetting<>(
                                    "watchdog.poll-timeout",
                                    Kind.timeAtLeast(Watchdog.LEAST_POLL_TIMEOUT))
                            .byDefault("30s")
                            .ofAJob(),
                    "how long the JobManager's process may not call, as one whose JVM stands still does not, before it is killed and started again; the JobManager polls every 2 s, and the longest garbage collection must fit");

    public static final AgentSetting<OnNoProgress> WATCHDOG_ON_NO_PROGRESS =
            add(
                    new AgentSetting<>("watchdog.on-no-progress", Kind.oneOf(OnNoProgress.values()))
                            .byDefault("report")
                            .ofAJob(),
                    "what becomes of a JobManager of whose job no checkpoint completes for longer than max(interval, timeout) × (tolerable failed checkpoints + 2), by the job's own settings: `report` (an Event and a metric) or `restart` (it is started again, and the end counts)");

    public static final AgentSetting<Strategy> RESTORE_STRATEGY =
            add(
                    new AgentSetting<>("restore.strategy", Kind.oneOf(Strategy.values()))
                            .byDefault("latest-state")
                            .ofAJob(),
                    "what a new revision (a new Job, image or Flink) starts from: `latest-state`, the newest completed checkpoint of the run before, however it ended; `latest-savepoint`, the newest savepoint of this cluster-id (refused where there are only checkpoints); or `none`. Within a Kubernetes Job a job always goes on from its own state; after one that finished without a savepoint, or was cancelled under `flink-ha.on-cancel: discard`, a new Job starts empty under each of them");

    public static final AgentSetting<String> RESTORE_PATH =
            add(
                    new AgentSetting<>("restore.path", Kind.TEXT).ofAJob(),
                    "a checkpoint or savepoint to start from, once, whatever the strategy and whatever was stored");

    public static final AgentSetting<String> RESTORE_NONCE =
            add(
                    new AgentSetting<>("restore.nonce", Kind.TEXT).otherwise("the path").ofAJob(),
                    "another value makes the same path win once more");

    public static final AgentSetting<Boolean> RESTORE_ALLOW_NON_RESTORED_STATE =
            add(
                    new AgentSetting<>("restore.allow-non-restored-state", Kind.YES_OR_NO)
                            .byDefault("false")
                            .ofAJob(),
                    "whether state that no operator claims any more may be left behind");

    public static final AgentSetting<ClaimMode> RESTORE_CLAIM_MODE =
            add(
                    new AgentSetting<>("restore.claim-mode", Kind.oneOf(ClaimMode.values()))
                            .byDefault("no-claim")
                            .ofAJob(),
                    "who owns the state that was restored: `no-claim`, it stays as it is; `claim`, Flink deletes it once it is not needed any more");

    public static final AgentSetting<Duration> RESTORE_MAX_AGE =
            add(
                    new AgentSetting<>("restore.max-age", Kind.TIME).ofAJob(),
                    "a new revision refuses to start from a state that was completed longer ago, or whose age is not known; a named path may be of any age");

    public static final AgentSetting<Boolean> RESTORE_ALLOW_OLDER_CHECKPOINT =
            add(
                    new AgentSetting<>("restore.allow-older-checkpoint", Kind.YES_OR_NO)
                            .byDefault("false")
                            .ofAJob(),
                    "whether an older retained checkpoint may take the place of the newest where that cannot be found or read. What the job did in between is done again");

    public static final AgentSetting<Integer> KEEP_PREVIOUS_RUNS =
            add(
                    new AgentSetting<>("keep-previous-runs", Kind.atLeast(0))
                            .byDefault("1")
                            .ofAJob(),
                    "of so many earlier runs the last state is kept; what else they left is deleted after the next run's first checkpoint");

    public static final AgentSetting<String> RUN_DIR =
            add(
                    new AgentSetting<>("run-dir", Kind.TEXT).byDefault("/opt/flink-ha/run"),
                    "directory shared with the JobManager's container: token and lock files");

    public static final AgentSetting<String> STORAGE_URI =
            add(
                    new AgentSetting<>("storage.uri", Kind.STORAGE_URI)
                            .otherwise("required")
                            .option(
                                    "--storage-uri",
                                    "as the agent's; a file:/// one mounted where this runs"),
                    "where plans and copies of the manifest are kept, below it in `<namespace>/<cluster-id>/plans/` and `…/manifests/`");

    public static final AgentSetting<String> STORAGE_ENDPOINT =
            add(
                    new AgentSetting<>("storage.endpoint", Kind.TEXT)
                            .otherwise("the cloud's own")
                            .ofAJob()
                            .option("--storage-endpoint", "as the agent's"),
                    "URL of an object store that is not the cloud's, such as MinIO; for S3 also `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL`");

    public static final AgentSetting<String> STORAGE_REGION =
            add(
                    new AgentSetting<>("storage.region", Kind.TEXT)
                            .otherwise("`AWS_REGION`")
                            .ofAJob()
                            .option("--storage-region", "as the agent's"),
                    "region of an S3 bucket; `us-east-1` where nothing says it");

    public static final AgentSetting<Duration> STORAGE_TIMEOUT =
            add(
                    new AgentSetting<>("storage.timeout", Kind.TIME_ABOVE_ZERO)
                            .byDefault("30s")
                            .ofAJob(),
                    "how long the agent waits for one object, at most 4 MiB, its three retries included");

    public static final AgentSetting<Duration> LEASE_DURATION =
            add(
                    new AgentSetting<>("lease.duration", Kind.TIME).byDefault("60s").ofAJob(),
                    "how long a Lease must be seen unchanged before another pod may take it; whole seconds. With `flink-ha.failsafe`, where none of these three is given: 15 s");

    public static final AgentSetting<Duration> LEASE_RENEW_DEADLINE =
            add(
                    new AgentSetting<>("lease.renew-deadline", Kind.TIME).byDefault("45s").ofAJob(),
                    "how long after its last successful renewal a leader keeps the gate open; at most duration / 1.17. So: 10 s");

    public static final AgentSetting<Duration> LEASE_RETRY_PERIOD =
            add(
                    new AgentSetting<>("lease.retry-period", Kind.TIME).byDefault("10s").ofAJob(),
                    "time between two renewals; at most renew-deadline / 1.2. So: 3 s");

    public static final AgentSetting<Failsafe> FAILSAFE =
            add(
                    new AgentSetting<>("failsafe", Kind.oneOf(Failsafe.values()))
                            .byDefault("auto")
                            .ofAJob(),
                    "whether the storage is the second witness of who leads: then a JobManager goes on, and its checkpoints complete, while the API server does not answer, and a manifest that was rolled back is healed from its copy. `auto`: on object stores, not on `file:`, and not where the numbers of the Lease that were given do not fit it. It begins once the storage was seen to keep put-if-absent and to show what was written; `true` is for file systems that never answer from a cache, so not for NFS");

    public static final AgentSetting<Duration> FAILSAFE_HOLD =
            add(
                    new AgentSetting<>("failsafe.hold", Kind.timeAtLeast(Settings.SHORTEST_HOLD))
                            .byDefault("6s")
                            .ofAJob(),
                    "how long one look at the storage keeps the gate open; a takeover whose predecessor was not seen to end waits 1.17 times as long; whole seconds");

    public static final AgentSetting<Boolean> WARM_STANDBY =
            add(
                    new AgentSetting<>("warm-standby", Kind.YES_OR_NO)
                            .byDefault("false")
                            .ofAJob("standby"),
                    "whether this pod may be one of two: its JobManager starts before the pod leads, and waits; a leader whose JobManager ends hands over to the other pod. The second pod comes with `components/warm-standby`, or with the annotation");

    public static final AgentSetting<Integer> CONTROL_PORT =
            add(
                    new AgentSetting<>("control.port", Kind.PORT).byDefault("8480").ofAJob(),
                    "control API for the JobManager, on 127.0.0.1 only");

    public static final AgentSetting<Integer> MANAGEMENT_PORT =
            add(
                    new AgentSetting<>("management.port", Kind.PORT).byDefault("8481").ofAJob(),
                    "probes (`/q/health/started`, `/live`, `/ready`), metrics (`/q/metrics`) and `GET /status`, on all addresses");

    public static final AgentSetting<LogFormat> LOG_FORMAT =
            add(
                    new AgentSetting<>("log.format", Kind.oneOf(LogFormat.values()))
                            .byDefault("text")
                            .ofAJob(),
                    "`text`, or `json`: one object a line, with the keys of Quarkus' JSON log and `clusterId`, `namespace`, `pod`, `epoch`, `jobId`. What is logged before the settings are read is text");

    public static final AgentSetting<String> INJECTOR_AGENT_IMAGE =
            add(
                    new AgentSetting<>("injector.agent-image", Kind.TEXT)
                            .byDefault("flink-ha-agent")
                            .option("--agent-image", "image of the agent where a Job names none"),
                    "of the injector alone, as the next four: the agent's image where a Job names none");

    public static final AgentSetting<String> INJECTOR_STORAGE_URI =
            add(
                    new AgentSetting<>("injector.storage-uri", Kind.TEXT)
                            .option("--storage-uri", "storage where a Job names none"),
                    "storage where a Job names none");

    public static final AgentSetting<RestartRules> INJECTOR_RESTART_RULES =
            add(
                    new AgentSetting<>("injector.restart-rules", Kind.oneOf(RestartRules.values()))
                            .byDefault("auto")
                            .option(
                                    "--restart-rules",
                                    "true: with the restart rules of a container, which Kubernetes knows from 1.35 on; left out by default, and by auto, since no cluster is asked"),
                    "whether the JobManager's container gets the rules of `components/restart-rules`, which Kubernetes up to 1.34 refuses or drops: `auto` (from 1.35 on, by what the API server says when the injector starts, and not before it has said it), `true` or `false`. A Job that is there stays as it was made");

    public static final AgentSetting<Integer> INJECTOR_PORT =
            add(
                    new AgentSetting<>("injector.port", Kind.PORT).byDefault("8443"),
                    "where the API server calls it, by TLS");

    public static final AgentSetting<String> INJECTOR_TLS_DIR =
            add(
                    new AgentSetting<>("injector.tls-dir", Kind.TEXT)
                            .byDefault("/opt/flink-ha/tls"),
                    "directory with `tls.crt` and `tls.key`; read again every 10 s");

    private AgentSettings() {}

    private static <T> AgentSetting<T> add(AgentSetting<T> setting, String meaning) {
        AgentSetting<T> complete = setting.means(meaning);
        TABLE.add(complete);
        return complete;
    }

    public static List<AgentSetting<?>> all() {
        return Collections.unmodifiableList(TABLE);
    }

    public static AgentSetting<?> byKey(String key) {
        return TABLE.stream().filter(one -> one.key().equals(key)).findFirst().orElseThrow();
    }

    /** The one that this annotation of a Job gives, which most are named like. */
    public static Optional<AgentSetting<?>> ofAJob(String annotation) {
        return TABLE.stream()
                .filter(one -> one.isOfAJob() && one.annotation().equals(annotation))
                .findFirst();
    }

    /**
     * What the agent's process goes by where nothing is given, in order of the names.
     *
     * @param settings that it goes by
     */
    public static Map<String, String> defaults(Settings settings) {
        Map<String, String> defaults = new TreeMap<>();
        for (AgentSetting<?> setting : TABLE) {
            if (!setting.key().startsWith("injector.")) {
                defaults.put(setting.name(), setting.standard());
            }
        }
        defaults.put(LEASE_DURATION.name(), seconds(settings.leaseDuration()));
        defaults.put(LEASE_RENEW_DEADLINE.name(), seconds(settings.renewDeadline()));
        defaults.put(LEASE_RETRY_PERIOD.name(), seconds(settings.retryPeriod()));
        return defaults;
    }

    private static String seconds(Duration time) {
        return time.toSeconds() + "s";
    }
}
