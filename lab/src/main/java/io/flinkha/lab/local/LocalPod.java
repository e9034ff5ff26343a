package io.flinkha.lab.local;

import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.base.Program;
import io.flinkha.lab.base.Project;
import io.flinkha.lab.measure.JobManagerRest;
import io.flinkha.lab.process.Child;
import io.flinkha.lab.process.ChildSpec;
import io.flinkha.lab.process.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A JobManager's pod: the JobManager and, in our kind of cluster, the agent beside it. */
public final class LocalPod {
    private static final String ENTRY_POINT =
            "org.apache.flink.container.entrypoint." + "StandaloneApplicationClusterEntryPoint";

    private static final Duration GRACE = Duration.ofSeconds(15);

    private final LocalApplication application;
    private final String name;
    private final ApplicationSpec spec;
    private final String controllerUid;
    private final int rpcPort = Ports.free();
    private final int restPort = Ports.free();
    private final int controlPort = Ports.free();
    private final int managementPort = Ports.free();
    private final JobManagerRest rest;
    private volatile @Nullable Child agent;
    private volatile @Nullable Child jobManager;

    LocalPod(
            LocalApplication application, String name, ApplicationSpec spec, String controllerUid) {
        this.application = application;
        this.name = name;
        this.spec = spec;
        this.controllerUid = controllerUid;
        this.rest = new JobManagerRest(restPort, RestTls.context(spec.flink()));
    }

    void start(int kubernetesPort) {
        if (spec.side() == Side.AGENT) {
            startAgent(kubernetesPort);
        }
        jobManager =
                spec.side() == Side.AGENT
                        ? application.bench().supervisor().start(jobManagerSpec(), runDirectory())
                        : application.bench().supervisor().start(jobManagerSpec());
    }

    void startAgent(int kubernetesPort) {
        agent = application.bench().supervisor().start(agentSpec(kubernetesPort));
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
        if (spec.side() == Side.AGENT) {
            agent().terminateForGood();
            jobManager().killForGood();
            agent().stop(GRACE);
        } else {
            jobManager().killForGood();
        }
    }

    /** Runs one of the commands of the agent's executable, as a person would in this pod. */
    public Program.Ran command(List<String> words) {
        ChildSpec agentSpec = agentSpec(application.bench().apiPort());
        List<String> command = new ArrayList<>(agentSpec.command());
        command.addAll(words);
        return Program.tried(agentSpec.workingDirectory(), agentSpec.environment(), command);
    }

    /** Answers what it printed; it must succeed. */
    public String command(String... words) {
        Program.Ran answer = command(List.of(words));
        if (answer.code() != 0) {
            throw new IllegalStateException(List.of(words) + ": " + answer);
        }
        return answer.output();
    }

    /** Why the JobManager halted, as the kubelet would show it; empty if it did not say. */
    public String terminationMessage() {
        return Directories.text(terminationLog());
    }

    private Path terminationLog() {
        return application.directory().root().resolve("termination-log-" + name);
    }

    public Child agent() {
        return present(agent);
    }

    public Child jobManager() {
        return present(jobManager);
    }

    public String name() {
        return name;
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
        return application.directory().runDirectory(name);
    }

    private static Child present(@Nullable Child child) {
        if (child == null) {
            throw new IllegalStateException("This pod has no such process");
        }
        return child;
    }

    private ChildSpec agentSpec(int kubernetesPort) {
        LocalDirectory directory = application.directory();
        Map<String, String> environment = new HashMap<>();
        environment.put("FLINK_HA_CLUSTER_ID", spec.clusterId());
        environment.put("FLINK_HA_NAMESPACE", "default");
        environment.put("FLINK_HA_POD_NAME", name);
        environment.put("FLINK_HA_POD_UID", UUID.randomUUID().toString());
        environment.put("FLINK_HA_CONTROLLER_UID", controllerUid);
        environment.put("FLINK_HA_RUN_DIR", runDirectory().toString());
        environment.put("FLINK_HA_STORAGE_URI", directory.storage().toUri().toString());
        environment.put("FLINK_HA_CONTROL_PORT", Integer.toString(controlPort));
        environment.put("FLINK_HA_MANAGEMENT_PORT", Integer.toString(managementPort));
        environment.put("FLINK_HA_LEASE_DURATION", "60s");
        environment.put("FLINK_HA_LEASE_RENEW_DEADLINE", "45s");
        environment.put("FLINK_HA_LEASE_RETRY_PERIOD", "10s");
        environment.put(
                "KUBECONFIG", directory.kubeconfig("agent-" + name, kubernetesPort).toString());
        environment.putAll(spec.agent());
        Directories.create(runDirectory());
        Directories.create(directory.storage());
        return new ChildSpec(
                "agent-" + name,
                Stream.concat(
                                spec.beforeAgent().stream(),
                                application.bench().project().agentProgram().stream())
                        .toList(),
                environment,
                directory.root(),
                directory.logs(),
                ChildSpec.Restart.ALWAYS);
    }

    private ChildSpec jobManagerSpec() {
        LocalDirectory directory = application.directory();
        String process = "jobmanager-" + name;
        boolean ours = spec.side() == Side.AGENT;
        Map<String, String> settings =
                FlinkSettings.jobManager(application.commonSettings(spec), rpcPort, restPort);
        if (ours) {
            settings.put("high-availability.type", FlinkSettings.FACTORY);
            settings.put(
                    "flink-ha.agent.address", "http://127.0.0.1:" + application.agentPort(this));
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
        arguments.addAll(spec.job().argumentsIn(directory.data()));
        Path haServices = ours ? application.bench().project().haServices() : null;
        FlinkDistribution distribution = spec.distribution();
        FlinkDistribution.Launch start =
                distribution == null
                        ? ofClassPath(process, settings, arguments, haServices)
                        : distribution.jobManager(
                                directory, process, settings, arguments, haServices);
        Map<String, String> environment = new HashMap<>(start.environment());
        environment.put("FLINK_HA_TERMINATION_LOG", emptyTerminationLog().toString());
        List<String> command = new ArrayList<>();
        if (ours) {
            environment.put("FLINK_HA_RUN_DIR", runDirectory().toString());
            Path supervisor =
                    application.bench().project().root().resolve("deploy/image/flink-ha-run");
            command.addAll(List.of(supervisor.toString(), "--"));
        }
        command.addAll(start.command());
        return new ChildSpec(
                process,
                command,
                environment,
                start.home(),
                directory.logs(),
                ChildSpec.Restart.UNLESS_JOB_IS_OVER);
    }

    private FlinkDistribution.Launch ofClassPath(
            String process,
            Map<String, String> settings,
            List<String> arguments,
            @Nullable Path haServices) {
        LocalDirectory directory = application.directory();
        Project project = application.bench().project();
        Path configuration = directory.writeConfiguration(process, settings);
        List<String> options = new ArrayList<>(List.of("-Xms512m", "-Xmx512m"));
        options.addAll(LocalApplication.jvmFlags());
        if (spec.oneCore()) {
            options.add("-XX:ActiveProcessorCount=1");
        }
        options.addAll(LocalApplication.logging(configuration));
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
        environment.put("FLINK_LIB_DIR", directory.libraries().toString());
        return new FlinkDistribution.Launch(command, environment, directory.root());
    }

    /** The jar writes only into a file that is there, as the kubelet's is. */
    private Path emptyTerminationLog() {
        return Directories.write(terminationLog(), "");
    }
}
