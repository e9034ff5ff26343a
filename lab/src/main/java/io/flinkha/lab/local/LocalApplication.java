package io.flinkha.lab.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.api.ControlProxy;
import io.flinkha.lab.api.PausingProxy;
import io.flinkha.lab.application.Application;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.measure.FlinkLog;
import io.flinkha.lab.measure.JobManagerRest;
import io.flinkha.lab.measure.TaskPause;
import io.flinkha.lab.process.Child;
import io.flinkha.lab.process.ChildSpec;
import io.flinkha.lab.process.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A running Flink application cluster: one TaskManager, one JobManager's pod, or more of them. */
public final class LocalApplication extends Application {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration STANDBY = Duration.ofMinutes(2);

    private final Workbench bench;
    private final LocalDirectory directory;
    private final ApplicationSpec spec;
    private final List<LocalPod> pods = new ArrayList<>();
    private String controllerUid = UUID.randomUUID().toString();
    private int podsMade;
    private @Nullable LocalPod leader;
    private @Nullable PausingProxy proxy;
    private @Nullable ControlProxy controlProxy;
    private @Nullable Child taskManager;

    LocalApplication(Workbench bench, LocalDirectory directory, ApplicationSpec spec) {
        this.bench = bench;
        this.directory = directory;
        this.spec = spec;
    }

    /** Lays the ways that can be paused; nothing runs yet. */
    void prepare() {
        if (spec.side() == Side.AGENT) {
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

    /** The agent alone: the laboratory itself speaks to it, in the JobManager's place. */
    public void startAgent() {
        pod().startAgent(bench.apiPort());
    }

    /** One more pod that contends for the leadership of this cluster. */
    public LocalPod addPod() {
        return addPod(spec);
    }

    /** A way of one more pod to the API server that can be cut. */
    public PausingProxy newWay() {
        return new PausingProxy(Ports.free(), bench.apiPort(), spec.clusterId());
    }

    /** One more pod that contends, by a way of its own. */
    public LocalPod addPod(PausingProxy way) {
        LocalPod pod = newPod(spec);
        pods.add(pod);
        pod.start(way.port());
        return pod;
    }

    /** One more pod that is not like the others. */
    public LocalPod addPod(ApplicationSpec its) {
        LocalPod pod = newPod(its);
        pods.add(pod);
        pod.start(bench.apiPort());
        return pod;
    }

    /** The first pod is gone, and the Job controller makes another one of the same Job. */
    public LocalPod replacePod(ApplicationSpec next) {
        pod().end();
        LocalPod pod = newPod(next);
        pods.set(0, pod);
        pod.start(bench.apiPort());
        return pod;
    }

    /** The Job is deleted and a new one applied: a new revision. The TaskManager stays. */
    public LocalPod replaceJob(ApplicationSpec next) {
        controllerUid = UUID.randomUUID().toString();
        return replacePod(next);
    }

    private LocalPod newPod(ApplicationSpec its) {
        return new LocalPod(this, Character.toString('a' + podsMade++), its, controllerUid);
    }

    /** Where a pod's JobManager finds its agent. */
    int agentPort(LocalPod pod) {
        ControlProxy way = controlProxy;
        return way != null && pod == pod() ? way.port() : pod.controlPort();
    }

    private void startTaskManager() {
        taskManager = bench.supervisor().start(taskManagerSpec(spec));
    }

    /** The same Job's next pod brings another Flink, and so does its TaskManager. */
    public LocalPod replaceFlink(ApplicationSpec next) {
        taskManager().stop(GRACE);
        LocalPod pod = replacePod(next);
        taskManager = bench.supervisor().start(taskManagerSpec(next));
        return pod;
    }

    /** Another Flink by a new Job. */
    public LocalPod replaceFlinkAndJob(ApplicationSpec next) {
        controllerUid = UUID.randomUUID().toString();
        return replaceFlink(next);
    }

    private ChildSpec taskManagerSpec(ApplicationSpec its) {
        Map<String, String> settings = FlinkSettings.taskManager(commonSettings(its));
        FlinkDistribution distribution = its.distribution();
        FlinkDistribution.Launch start =
                distribution == null
                        ? ofClassPath(its, settings)
                        : distribution.taskManager(directory, "taskmanager", settings);
        return new ChildSpec(
                "taskmanager",
                start.command(),
                start.environment(),
                start.home(),
                directory.logs(),
                ChildSpec.Restart.UNLESS_JOB_IS_OVER);
    }

    private FlinkDistribution.Launch ofClassPath(
            ApplicationSpec its, Map<String, String> settings) {
        Path configuration = directory.writeConfiguration("taskmanager", settings);
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
        return new FlinkDistribution.Launch(
                command, its.plugins(bench.project()), directory.root());
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

    /** The first, or, beside one that stands by, the leader's: the last that had the Lease. */
    public LocalPod pod() {
        LocalPod last = leader;
        if (last == null) {
            return pods.getFirst();
        }
        String holder = bench.api().holder(spec.clusterId());
        LocalPod now =
                pods.stream()
                        .filter(pod -> holder.startsWith(pod.name() + "/"))
                        .findFirst()
                        .orElse(last);
        leader = now;
        return now;
    }

    /** One more pod, and whichever of them leads is asked from now on. */
    public void startStandby() {
        leader = pods.getFirst();
        var unused = addPod();
    }

    @Override
    public boolean hasStandby() {
        return leader != null;
    }

    /** Waits until the other one can take over. */
    public void awaitStandby() {
        Await.until(
                "a standby",
                STANDBY,
                () -> {
                    String standby = bench.api().standby(spec.clusterId());
                    return !standby.isEmpty() && !standby.startsWith(pod().name() + "/");
                });
    }

    /** The leader's pod ends first, as by a kubelet: only then the other one hears of it. */
    public void awaitAllOver() {
        var unused = awaitOver();
        pod().end();
        pods.forEach(LocalApplication::awaitOver);
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

    public Workbench bench() {
        return bench;
    }

    public LocalDirectory directory() {
        return directory;
    }

    public ApplicationSpec spec() {
        return spec;
    }

    Map<String, String> commonSettings(ApplicationSpec its) {
        return FlinkSettings.common(directory, its, directory.kubeconfig("flink", bench.apiPort()));
    }

    @Override
    public Side side() {
        return spec.side();
    }

    @Override
    public JobManagerRest rest() {
        return pod().rest();
    }

    @Override
    public JsonNode manifest() {
        return bench.api().manifest(spec.clusterId());
    }

    @Override
    public Path data() {
        return directory.data();
    }

    @Override
    public FlinkLog jobManagerLog() {
        return FlinkLog.read(jobManager().current().log());
    }

    @Override
    public Optional<FlinkLog> liveLog() {
        return Optional.of(jobManagerLog());
    }

    @Override
    public String jobManagerProcess() {
        return jobManager().running();
    }

    @Override
    public long jobManagerStartedAt(FlinkLog log) {
        return jobManager().current().startedAt();
    }

    @Override
    public String agentProcess() {
        return spec.side() == Side.AGENT ? pod().agent().running() : "";
    }

    @Override
    public boolean agentAnswers() {
        return Ports.answers(pod().controlPort());
    }

    @Override
    public int restarts() {
        return jobManager().starts() - 1;
    }

    @Override
    public String podName() {
        return pod().name();
    }

    /** No Job controller runs here that would count. */
    @Override
    public int failedPods() {
        return 0;
    }

    @Override
    public int podsUsed() {
        return podsMade;
    }

    @Override
    public long killJobManager() {
        return jobManager().kill();
    }

    @Override
    public long killAgent() {
        return pod().agent().kill();
    }

    /** Of a job that leaves no pulses, the log of its TaskManager tells. */
    @Override
    public long processingGapMillis(long from, long to) {
        return spec.job().counted()
                ? super.processingGapMillis(from, to)
                : TaskPause.millis(FlinkLog.read(taskManager().current().log()), from);
    }

    /** Answers the exit code after which the JobManager is not started again. */
    public int awaitOver() {
        return awaitOver(pod());
    }

    private static int awaitOver(LocalPod pod) {
        Await.until(
                "the end of the JobManager",
                Duration.ofMinutes(1),
                () -> pod.jobManager().over().isPresent());
        return pod.jobManager().over().orElse(-1);
    }

    public int finish() {
        return finish(pod());
    }

    /** Lets the job run to its end, on this pod's JobManager, and ends the pod. */
    public int finish(LocalPod pod) {
        Console.event("the job may finish");
        place("drain");
        int exitCode = awaitOver(pod);
        if (spec.side() == Side.AGENT) {
            pod.agent().stop(Duration.ofSeconds(15));
        }
        return exitCode;
    }

    /** As the kubelet ends pods: the agents after their JobManagers. */
    @Override
    public void close() {
        pods.forEach(pod -> pod.stopJobManager(GRACE));
        if (taskManager != null) {
            taskManager.stop(GRACE);
        }
        if (spec.side() == Side.AGENT) {
            pods.forEach(pod -> pod.agent().stop(GRACE));
            proxy().close();
        }
        if (controlProxy != null) {
            controlProxy.close();
        }
        directory.deleteTemporary();
    }
}
