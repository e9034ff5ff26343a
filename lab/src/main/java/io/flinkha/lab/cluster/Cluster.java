package io.flinkha.lab.cluster;

import io.flinkha.lab.api.ControlProxy;
import io.flinkha.lab.api.PausingProxy;
import io.flinkha.lab.process.Child;
import io.flinkha.lab.process.ChildSpec;
import io.flinkha.lab.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A running Flink application cluster: one TaskManager, one JobManager's pod, or more of them. */
public final class Cluster implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Bench bench;
    private final Lab lab;
    private final ClusterSpec spec;
    private final List<Pod> pods = new ArrayList<>();
    private String controllerUid = UUID.randomUUID().toString();
    private int podsMade;
    private @Nullable PausingProxy proxy;
    private @Nullable ControlProxy controlProxy;
    private @Nullable Child taskManager;

    Cluster(Bench bench, Lab lab, ClusterSpec spec) {
        this.bench = bench;
        this.lab = lab;
        this.spec = spec;
    }

    /** Lays the ways that can be paused; nothing runs yet. */
    void prepare() {
        if (spec.kind() == Kind.AGENT) {
            proxy = new PausingProxy(Ports.free(), bench.apiPort(), spec.clusterId());
        }
        pods.add(newPod(spec));
    }

    /** From the start on, the first JobManager's calls to its agent can be held. */
    public ControlProxy openControlProxy() {
        controlProxy = new ControlProxy(Ports.free(), pod().controlPort());
        return controlProxy;
    }

    public void start() {
        // Only the first pod's way to the API server can be paused.
        pod().start(proxy != null ? proxy().port() : bench.apiPort());
        startTaskManager();
    }

    /** The agent alone: the harness itself speaks to it, in the JobManager's place. */
    public void startAgent() {
        pod().startAgent(bench.apiPort());
    }

    /** One more pod that contends for the leadership of this cluster. */
    public Pod addPod() {
        return addPod(spec);
    }

    /** One more pod that is not like the others. */
    public Pod addPod(ClusterSpec its) {
        Pod pod = newPod(its);
        pods.add(pod);
        pod.start(bench.apiPort());
        return pod;
    }

    /** The first pod is gone, and the Job controller makes another one of the same Job. */
    public Pod replacePod(ClusterSpec next) {
        pod().end();
        Pod pod = newPod(next);
        pods.set(0, pod);
        pod.start(bench.apiPort());
        return pod;
    }

    /** The Job is deleted and a new one applied: a new revision. The TaskManager stays. */
    public Pod replaceJob(ClusterSpec next) {
        controllerUid = UUID.randomUUID().toString();
        return replacePod(next);
    }

    private Pod newPod(ClusterSpec its) {
        return new Pod(this, Character.toString('a' + podsMade++), its, controllerUid);
    }

    /** Where a pod's JobManager finds its agent. */
    int agentPort(Pod pod) {
        ControlProxy way = controlProxy;
        return way != null && pod == pod() ? way.port() : pod.controlPort();
    }

    private void startTaskManager() {
        taskManager = bench.supervisor().start(taskManagerSpec(spec));
    }

    /** The same Job's next pod brings another Flink, and so does its TaskManager. */
    public Pod replaceFlink(ClusterSpec next) {
        taskManager().stop(GRACE);
        Pod pod = replacePod(next);
        taskManager = bench.supervisor().start(taskManagerSpec(next));
        return pod;
    }

    /** Another Flink by a new Job. */
    public Pod replaceFlinkAndJob(ClusterSpec next) {
        controllerUid = UUID.randomUUID().toString();
        return replaceFlink(next);
    }

    private ChildSpec taskManagerSpec(ClusterSpec its) {
        Map<String, String> settings = FlinkSettings.taskManager(commonSettings(its));
        FlinkDistribution distribution = its.distribution();
        FlinkDistribution.Start start =
                distribution == null
                        ? ofClassPath(its, settings)
                        : distribution.taskManager(lab, "taskmanager", settings);
        return new ChildSpec(
                "taskmanager",
                start.command(),
                start.environment(),
                start.home(),
                lab.logs(),
                ChildSpec.Restart.UNLESS_JOB_IS_OVER);
    }

    private FlinkDistribution.Start ofClassPath(ClusterSpec its, Map<String, String> settings) {
        Path configuration = lab.writeConfiguration("taskmanager", settings);
        FlinkJava.TaskManagerSizes sizes =
                FlinkJava.taskManagerSizes(bench.project(), configuration);
        List<String> options = new ArrayList<>(sizes.jvm());
        options.addAll(logging(configuration));
        List<String> command =
                FlinkJava.command(
                        options,
                        FlinkJava.classPath(bench.project()),
                        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner");
        command.addAll(List.of("--configDir", configuration.toString()));
        command.addAll(sizes.flink());
        return new FlinkDistribution.Start(command, its.plugins(bench.project()), lab.root());
    }

    static List<String> logging(Path configuration) {
        return List.of(
                "-Dlog.file=@LOG@",
                "-Dlog4j.configurationFile=" + configuration.resolve("log4j2.properties").toUri());
    }

    /** The same for both kinds of clusters, or a comparison would compare the JVM. */
    static List<String> jvmFlags() {
        String given = System.getenv("FLINK_JM_OPTIONS");
        return List.of(
                (given == null ? "-XX:+UseSerialGC -XX:TieredStopAtLevel=1" : given).split(" +"));
    }

    void create(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Pod pod() {
        return pods.getFirst();
    }

    public Child jobManager() {
        return pod().jobManager();
    }

    public Child taskManager() {
        if (taskManager == null) {
            throw new IllegalStateException("Not started");
        }
        return taskManager;
    }

    public PausingProxy proxy() {
        if (proxy == null) {
            throw new IllegalStateException("Only an agent has a proxy");
        }
        return proxy;
    }

    public Bench bench() {
        return bench;
    }

    public Lab lab() {
        return lab;
    }

    public ClusterSpec spec() {
        return spec;
    }

    Map<String, String> commonSettings(ClusterSpec its) {
        return FlinkSettings.common(lab, its, lab.kubeconfig("flink", bench.apiPort()));
    }

    /** How often the job's main() ran so far. */
    public int mainRuns() {
        Path file = lab.data().resolve("main-runs");
        try {
            return Files.exists(file) ? Files.readAllLines(file).size() : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the kubelet ends pods: the agents after their JobManagers. */
    @Override
    public void close() {
        pods.forEach(pod -> pod.stopJobManager(GRACE));
        if (taskManager != null) {
            taskManager.stop(GRACE);
        }
        if (spec.kind() == Kind.AGENT) {
            pods.forEach(pod -> pod.agent().stop(GRACE));
            proxy().close();
        }
        if (controlProxy != null) {
            controlProxy.close();
        }
        lab.deleteTemporary();
    }
}
