package io.flinkha.flink.config;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * The settings of this jar in Flink's configuration. A table of docs/CONFIGURATION.md is made of
 * them, by {@code make generate}: descriptions are Markdown.
 */
public final class AgentOptions {
    /** Where the agent listens. */
    public static final ConfigOption<String> AGENT_ADDRESS =
            ConfigOptions.key("flink-ha.agent.address")
                    .stringType()
                    .defaultValue("http://127.0.0.1:8480")
                    .withDescription(
                            "Control address of the agent in this pod. Only an http address on"
                                    + " loopback is accepted: the calls carry a token in clear"
                                    + " text.");

    /** What the agent and this jar share on disk. */
    public static final ConfigOption<String> RUN_DIR =
            ConfigOptions.key("flink-ha.run-dir")
                    .stringType()
                    .defaultValue("/opt/flink-ha/run")
                    .withDescription(
                            "Directory shared with the agent: token and `jm.lock`. It must be a"
                                    + " volume of this pod, never a network file system.");

    /** Where everything is kept; {@link StorageLayout} says what follows from it. */
    public static final ConfigOption<String> STORAGE_URI =
            ConfigOptions.key("flink-ha.storage.uri")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The agent's storage; also by the variable `FLINK_HA_STORAGE_URI`. Flink's"
                                    + " own directories follow from it, where they are not set.");

    /** The agent's cluster-id. */
    public static final ConfigOption<String> CLUSTER_ID =
            ConfigOptions.key("flink-ha.cluster-id")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The agent's cluster-id; also by the variable `FLINK_HA_CLUSTER_ID`."
                                    + " Flink's own follow from it, where they are not set.");

    /** The agent's namespace. */
    public static final ConfigOption<String> NAMESPACE =
            ConfigOptions.key("flink-ha.namespace")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The agent's namespace, a directory of the storage; also by the variable"
                                    + " `FLINK_HA_NAMESPACE`.");

    /** The user's main class, run by {@code JobMain}. */
    public static final ConfigOption<String> JOB_CLASS =
            ConfigOptions.key("flink-ha.job.class")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "The job's main class; by default what a manifest of the job's jars"
                                    + " names. Flink itself is started with"
                                    + " `io.flinkha.flink.JobLauncher` as job class name, which runs"
                                    + " this class only when the stored plan is not resumed.");

    /** Whether plans are stored. */
    public static final ConfigOption<Boolean> PLAN_STORE_ENABLED =
            ConfigOptions.key("flink-ha.plan-store.enabled")
                    .booleanType()
                    .defaultValue(true)
                    .withFallbackKeys(
                            "high-availability.kubernetes.job-graph-store.enabled",
                            "high-availability.vvp-kubernetes.job-graph-store.enabled")
                    .withDescription(
                            "Keep the job's plan, so that a failover resumes it without running"
                                    + " main() again. `false`: main() runs at each failover.");

    /** How long a SIGTERM waits for a job that is about to end. */
    public static final ConfigOption<Duration> TERM_GRACE =
            ConfigOptions.key("flink-ha.term.grace")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(20))
                    .withDescription(
                            "How long a SIGTERM waits while the job's result is being recorded or the"
                                    + " job is being stopped with a savepoint; after that Flink shuts"
                                    + " down by itself. Keep it some 10 s below the pod's"
                                    + " `terminationGracePeriodSeconds`.");

    /** What becomes of the state of a job that a person cancels. */
    public static final ConfigOption<OnCancel> ON_CANCEL =
            ConfigOptions.key("flink-ha.on-cancel")
                    .enumType(OnCancel.class)
                    .defaultValue(OnCancel.KEEP)
                    .withDescription(
                            "What becomes of the checkpoints of a job that is cancelled. `keep`:"
                                    + " all stay, and a new Job goes on from the latest. `discard`:"
                                    + " as in stock Flink,"
                                    + " `execution.checkpointing.externalized-checkpoint-retention`"
                                    + " decides about the files, and a new Job starts empty.");

    private AgentOptions() {}

    /** See {@link #ON_CANCEL}. */
    public enum OnCancel {
        /** The job's state outlives it. */
        KEEP,
        /** Flink deletes what the retention option does not keep. */
        DISCARD
    }
}
