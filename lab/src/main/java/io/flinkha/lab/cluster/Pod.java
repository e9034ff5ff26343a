package io.flinkha.lab.cluster;

import io.flinkha.lab.Await;
import io.flinkha.lab.Project;
import io.flinkha.lab.measure.JobManagerRest;
import io.flinkha.lab.process.Child;
import io.flinkha.lab.process.ChildSpec;
import io.flinkha.lab.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A JobManager's pod: the JobManager and, in our kind of cluster, the agent beside it. */
public final class Pod {
    private static final String ENTRY_POINT =
            "org.apache.flink.container.entrypoint." + "StandaloneApplicationClusterEntryPoint";

    private static final Duration GRACE = Duration.ofSeconds(15);

    private final Cluster cluster;
    private final String name;
    private final ClusterSpec spec;
    private final String controllerUid;
    private final int rpcPort = Ports.free();
    private final int restPort = Ports.free();
    private final int controlPort = Ports.free();
    private final int managementPort = Ports.free();
    private final JobManagerRest rest = new JobManagerRest(restPort);
    private volatile @Nullable Child agent;
    private volatile @Nullable Child jobManager;

    Pod(Cluster cluster, String name, ClusterSpec spec, String controllerUid) {
        this.cluster = cluster;
        this.name = name;
        this.spec = spec;
        this.controllerUid = controllerUid;
    }

    void start(int kubernetesPort) {
        if (spec.kind() == Kind.AGENT) {
            startAgent(kubernetesPort);
        }
        jobManager = cluster.bench().supervisor().start(jobManagerSpec());
    }

    void startAgent(int kubernetesPort) {
        agent = cluster.bench().supervisor().start(agentSpec(kubernetesPort));
        // A sidecar's startup probe: the JobManager's container waits for it.
        Await.until(
                "the agent's control port",
                Duration.ofMinutes(1),
                () -> Ports.answers(controlPort));
    }

    void stopJobManager(Duration grace) {
        if (jobManager != null) {
            jobManager().stop(grace);
        }
    }

    /**
     * It is gone at once, but for the agent, which has the time to release the Lease. It hears of
     * its end first: over a JobManager that is dead it would begin a new epoch, and between two
     * epochs a Lease is not released.
     */
    public void end() {
        if (spec.kind() == Kind.AGENT) {
            agent().terminateForGood();
            jobManager().killForGood();
            agent().stop(GRACE);
        } else {
            jobManager().killForGood();
        }
    }

    /** What a command of the agent's executable answered. */
    public record Answer(int exitCode, String printed, String complained) {}

    /** Runs one of the commands of the agent's executable, as a person would in this pod. */
    public Answer command(List<String> words) {
        ChildSpec agentSpec = agentSpec(cluster.bench().apiPort());
        List<String> command = new ArrayList<>(agentSpec.command());
        command.addAll(words);
        Path complaints = cluster.lab().logs().resolve("command.err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(complaints.toFile());
        builder.environment().putAll(agentSpec.environment());
        try {
            Process process = builder.start();
            String printed =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(process.waitFor(), printed, Files.readString(complaints));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Answers what it printed; it must succeed. */
    public String command(String... words) {
        Answer answer = command(List.of(words));
        if (answer.exitCode() != 0) {
            throw new IllegalStateException(List.of(words) + ": " + answer);
        }
        return answer.printed();
    }

    /** Why the JobManager halted, as the kubelet would show it; empty if it did not say. */
    public String terminationMessage() {
        try {
            return Files.readString(terminationLog());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path terminationLog() {
        return cluster.lab().root().resolve("termination-log-" + name);
    }

    public Child agent() {
        return present(agent);
    }

    public Child jobManager() {
        return present(jobManager);
    }

    public JobManagerRest rest() {
        return rest;
    }

    public int controlPort() {
        return controlPort;
    }

    public int managementPort() {
        return managementPort;
    }

    public Path runDirectory() {
        return cluster.lab().runDirectory(name);
    }

    private static Child present(@Nullable Child child) {
        if (child == null) {
            throw new IllegalStateException("This pod has no such process");
        }
        return child;
    }

    private ChildSpec agentSpec(int kubernetesPort) {
        Lab lab = cluster.lab();
        Map<String, String> environment = new HashMap<>();
        environment.put("FLINK_HA_CLUSTER_ID", spec.clusterId());
        environment.put("FLINK_HA_NAMESPACE", "default");
        environment.put("FLINK_HA_POD_NAME", name);
        environment.put("FLINK_HA_POD_UID", UUID.randomUUID().toString());
        environment.put("FLINK_HA_CONTROLLER_UID", controllerUid);
        environment.put("FLINK_HA_RUN_DIR", runDirectory().toString());
        environment.put("FLINK_HA_STORAGE_URI", lab.storage().toUri().toString());
        environment.put("FLINK_HA_CONTROL_PORT", Integer.toString(controlPort));
        environment.put("FLINK_HA_MANAGEMENT_PORT", Integer.toString(managementPort));
        environment.put("FLINK_HA_LEASE_DURATION", "60s");
        environment.put("FLINK_HA_LEASE_RENEW_DEADLINE", "45s");
        environment.put("FLINK_HA_LEASE_RETRY_PERIOD", "10s");
        environment.put("KUBECONFIG", lab.kubeconfig("agent-" + name, kubernetesPort).toString());
        environment.putAll(spec.agent());
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // As in deploy/image/Containerfile.jvm: its memory is measured.
                        "-Xmx96m",
                        "-XX:MaxMetaspaceSize=96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        cluster.bench().project().agent().toString());
        cluster.create(runDirectory());
        cluster.create(lab.storage());
        return new ChildSpec(
                "agent-" + name,
                command,
                environment,
                lab.root(),
                lab.logs(),
                ChildSpec.Restart.ALWAYS);
    }

    private ChildSpec jobManagerSpec() {
        Lab lab = cluster.lab();
        String process = "jobmanager-" + name;
        boolean ours = spec.kind() == Kind.AGENT;
        Map<String, String> settings =
                FlinkSettings.jobManager(cluster.commonSettings(spec), rpcPort, restPort);
        if (ours) {
            settings.put("high-availability.type", FlinkSettings.FACTORY);
            settings.put("flink-ha.agent.address", "http://127.0.0.1:" + cluster.agentPort(this));
            settings.put("flink-ha.run-dir", runDirectory().toString());
            // Without one the manifest of a jar names it.
            if (!spec.job().mainClass().isEmpty()) {
                settings.put("flink-ha.job.class", spec.job().mainClass());
            }
        }
        List<String> arguments = new ArrayList<>();
        arguments.add("--job-classname");
        arguments.add(ours ? "io.flinkha.flink.JobLauncher" : spec.job().mainClass());
        arguments.addAll(spec.entryPoint());
        arguments.addAll(spec.job().argumentsIn(lab.data()));
        Path haServices = ours ? cluster.bench().project().haServices() : null;
        FlinkDistribution distribution = spec.distribution();
        FlinkDistribution.Start start =
                distribution == null
                        ? ofClassPath(process, settings, arguments, haServices)
                        : distribution.jobManager(lab, process, settings, arguments, haServices);
        Map<String, String> environment = new HashMap<>(start.environment());
        environment.put("FLINK_HA_TERMINATION_LOG", emptyTerminationLog().toString());
        return new ChildSpec(
                process,
                start.command(),
                environment,
                start.home(),
                lab.logs(),
                ChildSpec.Restart.UNLESS_JOB_IS_OVER);
    }

    private FlinkDistribution.Start ofClassPath(
            String process,
            Map<String, String> settings,
            List<String> arguments,
            @Nullable Path haServices) {
        Lab lab = cluster.lab();
        Project project = cluster.bench().project();
        Path configuration = lab.writeConfiguration(process, settings);
        List<String> options = new ArrayList<>(List.of("-Xms512m", "-Xmx512m"));
        options.addAll(Cluster.jvmFlags());
        if (spec.oneCore()) {
            options.add("-XX:ActiveProcessorCount=1");
        }
        options.addAll(Cluster.logging(configuration));
        String classPath = FlinkJava.classPath(project);
        List<String> command =
                new ArrayList<>(spec.oneCore() ? List.of("taskset", "-c", "0") : List.of());
        command.addAll(
                FlinkJava.command(
                        options,
                        haServices == null ? classPath : classPath + ":" + haServices,
                        ENTRY_POINT));
        command.addAll(List.of("--configDir", configuration.toString()));
        command.addAll(arguments);
        Map<String, String> environment = new HashMap<>(spec.plugins(project));
        environment.put("FLINK_LIB_DIR", lab.libraries().toString());
        return new FlinkDistribution.Start(command, environment, lab.root());
    }

    /** The jar writes only into a file that is there, as the kubelet's is. */
    private Path emptyTerminationLog() {
        try {
            return Files.writeString(terminationLog(), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
