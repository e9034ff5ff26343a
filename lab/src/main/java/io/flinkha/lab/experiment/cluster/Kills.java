package io.flinkha.lab.experiment.cluster;

import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.Kustomize;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.measure.StartPhase;
import io.flinkha.lab.report.Row;
import java.io.OutputStream;
import java.time.Duration;
import java.util.OptionalLong;

/** SIGKILL for processes of the JobManager's pod. */
public final class Kills {
    private static final int IN_A_ROW = 4;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** As people's own Jobs have it: the kubelet starts a container again whatever its end. */
    private static final String ON_FAILURE =
            Kustomize.patchOfJob(
                    """
                    - op: replace
                      path: /spec/template/spec/restartPolicy
                      value: OnFailure
                    - op: remove
                      path: /spec/template/spec/containers/0/restartPolicy
                    - op: remove
                      path: /spec/template/spec/containers/0/restartPolicyRules
                    """);

    private Kills() {}

    /** The first start, and a JobManager that dies again and again. */
    static void jobManager(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "kills")) {
            firstStart(application, rows);
            for (int kill = 1; kill <= IN_A_ROW; kill++) {
                application.awaitCheckpoints(3, Duration.ofMinutes(1));
                Row row = rows.row("jobmanager-killed-" + kill);
                killJobManager(application, row);
            }
        }
    }

    /** An injected Job may have that policy. */
    static void onFailure(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "on-failure", ON_FAILURE)) {
            application.awaitSteady();
            Row row = rows.row("jobmanager-killed-on-failure");
            killJobManager(application, row);
        }
    }

    public static void firstStart(ClusterApplication application, Rows rows) {
        application.awaitSteady();
        long from = application.deployedAt();
        OptionalLong running =
                application.jobManagerLog().lastAfter(from, StartPhase.RUNNING.pattern());
        OptionalLong process = application.jobManagerLog().begin();
        rows.row("first-start")
                .figure("toRunningMillis", running.orElse(from) - from)
                .figure("jobManagerStartedMillis", process.orElse(from) - from)
                .figure("epoch", application.epoch())
                .figure("mainRuns", application.mainRuns())
                .claim("main() ran once", application.mainRuns() == 1)
                .claim("epoch 1", application.epoch() == 1)
                .claim("one pod", application.podsUsed() == 1);
    }

    /** The agent alone, then both at the same time. */
    public static void agent(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "agent-kills")) {
            application.awaitSteady();
            killAgent(application, rows.row("agent-killed"));
            application.awaitCheckpoints(3, Duration.ofMinutes(1));
            killBoth(application, rows.row("agent-and-jobmanager-killed"));
        }
    }

    /** Of an agent that never ended before: the kubelet starts it again at once. */
    public static void both(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "both-killed")) {
            application.awaitSteady();
            killBoth(application, rows.row("agent-and-jobmanager-killed"));
        }
    }

    private static void killAgent(ClusterApplication application, Row row) {
        BeforeFault before = BeforeFault.of(application);
        long at = application.killAgent();
        Aftermath aftermath = Aftermath.of(application, before, at);
        row.figure("agentBackMillis", aftermath.awaitAgent(LIMIT) - at);
        aftermath.awaitUndisturbed(row);
    }

    public static void killJobManager(ClusterApplication application, Row row) {
        BeforeFault before = BeforeFault.of(application);
        long at = application.killJobManager();
        var unused = Aftermath.of(application, before, at).awaitFailoverInPlace(row, LIMIT);
    }

    private static void killBoth(ClusterApplication application, Row row) {
        BeforeFault before = BeforeFault.of(application);
        // The other way round another pod might lead already, and it would be that one's agent.
        application.killAgent();
        long at = application.killJobManager();
        Aftermath.of(application, before, at).awaitFailoverInPlace(row, LIMIT);
    }

    /**
     * The kernel takes the largest process where the container's memory is full. With cgroup v2 it
     * takes the whole container along.
     */
    public static void outOfMemory(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "out-of-memory")) {
            application.awaitSteady();
            Row row = rows.row("jobmanager-out-of-memory");
            BeforeFault before = BeforeFault.of(application);
            String container = application.jobManager().id();
            boolean rules = application.pods().hasRestartRules();
            Console.event("--- the JobManager's container is out of memory");
            long at = System.currentTimeMillis();
            ExecWatch eating = eatMemory(application, before.pod());
            try {
                var unused = Aftermath.of(application, before, at).awaitFailover(row, LIMIT);
            } finally {
                eating.close();
            }
            // By cgroup v1 the kernel kills one process, which the supervisor starts again; by v2
            // the kubelet has the container's all killed.
            var unused = claimSamePod(application, row, before, container, rules);
        }
    }

    /**
     * The kubelet starts a container that has ended with its supervisor again where it has rules
     * for that, else the Job makes another pod.
     *
     * @param container id of the one before
     * @param rules whether the API server kept its restart rules
     * @return whether the container is another one
     */
    public static boolean claimSamePod(
            ClusterApplication application,
            Row row,
            BeforeFault before,
            String container,
            boolean rules) {
        boolean samePod = application.podName().equals(before.pod());
        boolean another = !application.jobManager().id().equals(container);
        row.figure("restartRules", rules)
                .figure("samePod", samePod)
                .figure("containerRecreated", another)
                .claim("in the same pod, where the container has restart rules", samePod || !rules);
        return another;
    }

    /** Twelve processes of 100 MB, each smaller than the JobManager, for a few seconds. */
    private static ExecWatch eatMemory(ClusterApplication application, String pod) {
        return application
                .pod(pod)
                .inContainer("jobmanager")
                .writingError(OutputStream.nullOutputStream())
                .exec(
                        "bash",
                        "-c",
                        "for i in {1..12}; do (printf -v a '%100000000s' ''; sleep 8) & done; wait");
    }
}
