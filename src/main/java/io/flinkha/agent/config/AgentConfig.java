package io.flinkha.agent.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of the agent, {@code flink-ha.*}; as environment variables {@code FLINK_HA_CLUSTER_ID}
 * and so on. Required ones are optional here so that {@link CheckedConfig} can report all mistakes
 * at once, in sentences.
 */
@ConfigMapping(prefix = "flink-ha")
public interface AgentConfig {
    /**
     * Name of the application's cluster; Lease and ConfigMaps are named after it. The same as the
     * TaskManagers' {@code kubernetes.cluster-id}. Required.
     */
    Optional<String> clusterId();

    /** Namespace of Lease and ConfigMaps; by default that of the service account or kubeconfig. */
    Optional<String> namespace();

    Pod pod();

    /**
     * UID of the Kubernetes Job that runs this pod: label {@code
     * batch.kubernetes.io/controller-uid}. A stored plan is used only under the same one. Empty
     * outside of a Job.
     */
    Optional<String> controllerUid();

    Job job();

    Restart restart();

    Restore restore();

    /** Of so many earlier runs the last state is kept. */
    @WithDefault("1")
    int keepPreviousRuns();

    /** Directory shared with the JobManager's container: token and lock files. */
    @WithDefault("/opt/flink-ha/run")
    String runDir();

    Storage storage();

    Lease lease();

    /**
     * Whether the JobManager may start before this pod leads ({@code true}: warm standby), or only
     * then.
     */
    @WithDefault("false")
    boolean warmStandby();

    Log log();

    interface Log {
        /** {@code text}, or {@code json}: one object a line. */
        @WithDefault("text")
        String format();
    }

    Injector injector();

    /** Of the process that is started as {@code flink-ha-agent injector}, and of it alone. */
    interface Injector {
        /** Image of the agent where a Job names no other. */
        @WithDefault("flink-ha-agent")
        String agentImage();

        /** Storage where a Job names none. */
        Optional<String> storageUri();
    }

    interface Pod {
        /** Name of this pod. Required. */
        Optional<String> name();

        /** UID of this pod. Required. */
        Optional<String> uid();
    }

    interface Job {
        /**
         * Name of the Kubernetes Job that runs this pod: label {@code
         * batch.kubernetes.io/job-name}. Empty outside of one: nobody is told anything then.
         */
        Optional<String> name();

        /** Name of the JobManager's container in this pod. */
        @WithDefault("jobmanager")
        String container();
    }

    interface Restart {
        /**
         * What becomes of the Kubernetes Job when the Flink job has failed for good: {@code fail},
         * or {@code park} (suspended until a person resumes it).
         */
        @WithDefault("fail")
        String onFailed();

        /** Ends of the JobManager's process within the window after which the Job is failed. */
        @WithDefault("10")
        int maxFailures();

        /** The window in which they are counted; what is older counts for nothing. */
        @WithDefault("1h")
        Duration window();
    }

    interface Restore {
        /**
         * What a new revision starts from: {@code latest-state}, {@code latest-savepoint}, or
         * {@code none}, which leaves the state of the run before behind.
         */
        @WithDefault("latest-state")
        String strategy();

        /** A checkpoint or savepoint to start from, once. */
        Optional<String> path();

        /**
         * Another value makes the path win once more; by default the path itself, so that another
         * path does.
         */
        Optional<String> nonce();

        /** Whether state that no operator claims any more may be left behind. */
        @WithDefault("false")
        boolean allowNonRestoredState();

        /**
         * Who owns the state that was restored: {@code no-claim}, it stays as it is; {@code claim},
         * Flink deletes it once it is not needed any more.
         */
        @WithDefault("no-claim")
        String claimMode();

        /** A new revision refuses to start from a state that was completed longer ago. */
        Optional<Duration> maxAge();

        /** Whether an older retained checkpoint may take the place of one that is gone. */
        @WithDefault("false")
        boolean allowOlderCheckpoint();
    }

    interface Storage {
        /**
         * Where plans and copies of the manifest are kept, and, where the job's own settings do not
         * say otherwise, Flink's checkpoints, savepoints and high-availability data: {@code
         * file:///path}, {@code s3://bucket/path}, {@code gs://bucket/path}, {@code
         * abfss://container@account.dfs.core.windows.net/path} or {@code
         * wasbs://container@account.blob.core.windows.net/path}. Required.
         */
        Optional<String> uri();

        /** URL of an object store that is not the cloud's own, such as MinIO. */
        Optional<String> endpoint();

        /** Region of an S3 bucket; by default {@code AWS_REGION}. */
        Optional<String> region();

        /** How long the agent waits for one object, at most 4 MiB, all retries included. */
        @WithDefault("30s")
        Duration timeout();
    }

    interface Lease {
        /**
         * How long a Lease must be seen unchanged before another pod may take it. Whole seconds.
         */
        @WithDefault("60s")
        Duration duration();

        /**
         * How long after its last successful renewal a leader keeps the gate open. At most duration
         * / 1.17.
         */
        @WithDefault("45s")
        Duration renewDeadline();

        /** Time between two renewals. At most renew-deadline / 1.2. */
        @WithDefault("10s")
        Duration retryPeriod();
    }
}
