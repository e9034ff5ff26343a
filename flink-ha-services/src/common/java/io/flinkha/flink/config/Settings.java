package io.flinkha.flink.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.Locale;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

/** The checked settings of one process. */
public final class Settings {
    private static final String PYTHON_DRIVER = "org.apache.flink.client.python.PythonDriver";

    private final URI agent;
    private final Path runDir;
    private final String jobClass;
    private final boolean planStoreEnabled;
    private final Duration termGrace;
    private final AgentOptions.OnCancel onCancel;

    private Settings(
            URI agent,
            Path runDir,
            String jobClass,
            boolean planStoreEnabled,
            Duration termGrace,
            AgentOptions.OnCancel onCancel) {
        this.agent = agent;
        this.runDir = runDir;
        this.jobClass = jobClass;
        this.planStoreEnabled = planStoreEnabled;
        this.termGrace = termGrace;
        this.onCancel = onCancel;
    }

    public static Settings of(Configuration configuration) {
        return new Settings(
                loopback(configuration.get(AgentOptions.AGENT_ADDRESS)),
                Paths.get(configuration.get(AgentOptions.RUN_DIR)),
                jobClass(configuration.getOptional(AgentOptions.JOB_CLASS).orElse("")),
                configuration.get(AgentOptions.PLAN_STORE_ENABLED),
                configuration.get(AgentOptions.TERM_GRACE),
                configuration.get(AgentOptions.ON_CANCEL));
    }

    /**
     * Refuses checkpoints that live in the JobManager's heap: there is no file to point at, so
     * nothing would be left to resume from.
     */
    public static void refuseJobManagerStorage(Configuration configuration) {
        String storage =
                configuration.getOptional(CheckpointingOptions.CHECKPOINT_STORAGE).orElse("");
        String name = storage.toLowerCase(Locale.ROOT);
        if (name.equals("jobmanager") || name.endsWith(".jobmanagercheckpointstorage")) {
            throw new IllegalConfigurationException(
                    CheckpointingOptions.CHECKPOINT_STORAGE.key()
                            + ": "
                            + storage
                            + " keeps checkpoints in the JobManager's memory, where no failover can"
                            + " find them; set it to filesystem, and "
                            + CheckpointingOptions.CHECKPOINTS_DIRECTORY.key()
                            + " to a directory that outlives the pod.");
        }
    }

    public URI agent() {
        return agent;
    }

    public Path runDir() {
        return runDir;
    }

    /** Empty where the manifest of the job's jar is to name it. */
    public String jobClass() {
        return jobClass;
    }

    public boolean planStoreEnabled() {
        return planStoreEnabled;
    }

    public Duration termGrace() {
        return termGrace;
    }

    public AgentOptions.OnCancel onCancel() {
        return onCancel;
    }

    /** Flink looks at its own entry class to find out whether to set up Python, and sees ours. */
    private static String jobClass(String name) {
        if (name.equals(PYTHON_DRIVER)) {
            throw new IllegalConfigurationException(
                    AgentOptions.JOB_CLASS.key()
                            + ": Python programs are not supported; run this one with"
                            + " high-availability.type: kubernetes.");
        }
        return name;
    }

    private static URI loopback(String address) {
        try {
            URI uri = URI.create(address);
            String host = uri.getHost();
            if ("http".equals(uri.getScheme())
                    && host != null
                    && InetAddress.getByName(host).isLoopbackAddress()) {
                return uri;
            }
        } catch (IllegalArgumentException | UnknownHostException e) {
            throw new IllegalConfigurationException(refusal(address), e);
        }
        throw new IllegalConfigurationException(refusal(address));
    }

    private static String refusal(String address) {
        return AgentOptions.AGENT_ADDRESS.key()
                + ": "
                + address
                + " is not an http address on loopback; the agent runs in this very pod.";
    }
}
