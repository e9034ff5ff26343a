package io.flinkha.lab.experiment.cluster;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Program;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.ClusterPods;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A person's commands: by kubectl exec, with the agent's rights; one with the person's own. */
public final class ByHand {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

    private ByHand() {}

    static void commands(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "by-hand")) {
            application.awaitSteady();
            Row status = rows.row("status");
            exec(application, status, "count-job in namespace e2e-by-hand", "status");
            exec(application, rows.row("history"), "the agent took the Lease", "history");
            pauseAndResume(application, rows);
            stepDown(application, rows.row("step-down"));
            parkAndResume(cluster, application, rows.row("park"));
            restore(application, rows.row("restore"));
        }
    }

    public static void exec(ClusterApplication application, Row row, String says, String... words) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "kubectl",
                                "exec",
                                "-n",
                                application.namespace(),
                                application.podName(),
                                "-c",
                                ClusterPods.AGENT,
                                "--",
                                "flink-ha-agent"));
        command.addAll(List.of(words));
        command.addAll(List.of("-o", "text"));
        asked(application, row, says, command);
    }

    public static void asked(
            ClusterApplication application, Row row, String says, List<String> command) {
        Console.event("--- " + String.join(" ", command));
        long at = System.currentTimeMillis();
        Program.Ran ran = Program.tried(application.directory(), command.toArray(String[]::new));
        String said = ran.said();
        row.sentence(said)
                .figure("commandMillis", System.currentTimeMillis() - at)
                .claim("it says '%s'".formatted(says), ran.code() == 0 && said.contains(says));
    }

    /** What ends while paused stays down, and the Job is not failed for it. */
    private static void pauseAndResume(ClusterApplication application, Rows rows) {
        Row paused = rows.row("pause");
        BeforeFault before = BeforeFault.of(application);
        long at = System.currentTimeMillis();
        exec(application, paused, "Paused.", "pause", "--reason", "a look at the heap");
        Await.pass(LONG_ENOUGH);
        Aftermath.of(application, before, at).awaitUndisturbed(paused);
        Row killed = rows.row("killed-while-paused");
        BeforeFault then = BeforeFault.of(application);
        application.killJobManager();
        long pointer = application.pointer();
        Await.pass(LONG_ENOUGH);
        killed.claim("none is started", application.jobManagerProcess().isEmpty())
                .claim("no JobManager is let in", application.pointer() == pointer);
        long resumedAt = System.currentTimeMillis();
        exec(application, killed, "is on again", "resume");
        Aftermath.of(application, then, resumedAt).awaitFailoverInPlace(killed, LIMIT);
    }

    public static void stepDown(ClusterApplication application, Row row) {
        application.awaitCheckpoints(3, Duration.ofMinutes(1));
        BeforeFault before = BeforeFault.of(application);
        long at = System.currentTimeMillis();
        exec(application, row, "container is this one", "step-down");
        Aftermath.of(application, before, at).awaitFailoverInPlace(row, LIMIT);
    }

    /** Its pod is gone then, and the person calls from elsewhere. */
    private static void parkAndResume(
            TestCluster cluster, ClusterApplication application, Row row) {
        application.awaitCheckpoints(3, Duration.ofMinutes(1));
        BeforeFault before = BeforeFault.of(application);
        long at = System.currentTimeMillis();
        exec(application, row, "is suspended", "park");
        application.awaitSuspended(LIMIT);
        row.figure("toParkedMillis", System.currentTimeMillis() - at);
        long resumedAt = System.currentTimeMillis();
        asked(
                application,
                row,
                "is resumed",
                cluster.project()
                        .agentProgram(
                                "resume",
                                "--cluster-id",
                                ClusterApplication.CLUSTER_ID,
                                "--namespace",
                                application.namespace(),
                                "-o",
                                "text"));
        Aftermath.of(application, before, resumedAt).awaitFailover(row, LIMIT);
    }

    private static void restore(ClusterApplication application, Row row) {
        application.awaitCheckpoints(3, Duration.ofMinutes(1));
        BeforeFault before = BeforeFault.of(application);
        String savepoint = application.savepoint(Path.of("/flink-storage/savepoints"), LIMIT);
        long at = System.currentTimeMillis();
        exec(application, row, "container is this one", "restore", "--from", savepoint, "--yes");
        Aftermath.of(application, before, at).withMainOnceMore().awaitFailover(row, LIMIT);
        row.claim("restored from the savepoint", application.restoredFrom().equals(savepoint));
    }
}
