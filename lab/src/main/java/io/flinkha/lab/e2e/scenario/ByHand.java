package io.flinkha.lab.e2e.scenario;

import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.e2e.cluster.Aftermath;
import io.flinkha.lab.e2e.cluster.Application;
import io.flinkha.lab.e2e.cluster.Command;
import io.flinkha.lab.e2e.cluster.Moment;
import io.flinkha.lab.e2e.cluster.Pods;
import io.flinkha.lab.e2e.cluster.TestCluster;
import io.flinkha.lab.report.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A person's commands: by kubectl exec, with the agent's rights; one with the person's own. */
final class ByHand {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

    private ByHand() {}

    static void commands(TestCluster cluster, Rows rows) {
        try (Application application = Application.deploy(cluster, "by-hand")) {
            application.awaitSteady();
            Row status = rows.row("status");
            exec(application, status, "count-job in namespace e2e-by-hand", "status");
            exec(application, rows.row("history"), "the agent took the Lease", "history");
            pauseAndResume(cluster, application, rows);
            stepDown(application, rows.row("step-down"));
            parkAndResume(cluster, application, rows.row("park"));
            restore(application, rows.row("restore"));
        }
    }

    private static void exec(Application application, Row row, String says, String... words) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "kubectl",
                                "exec",
                                "-n",
                                application.namespace(),
                                application.pods().jobManagerName(),
                                "-c",
                                Pods.AGENT,
                                "--",
                                "flink-ha-agent"));
        command.addAll(List.of(words));
        command.addAll(List.of("-o", "text"));
        asked(application, row, says, command);
    }

    private static void asked(Application application, Row row, String says, List<String> command) {
        Console.event("--- " + String.join(" ", command));
        long at = System.currentTimeMillis();
        Command.Ran ran = Command.tried(application.directory(), command.toArray(String[]::new));
        String said = (ran.output() + ran.errors()).strip();
        row.sentence(said)
                .figure("commandMillis", System.currentTimeMillis() - at)
                .claim("it says '%s'".formatted(says), ran.code() == 0 && said.contains(says));
    }

    /** What ends while paused stays down, and the Job is not failed for it. */
    private static void pauseAndResume(TestCluster cluster, Application application, Rows rows) {
        Row paused = rows.row("pause");
        Moment before = Moment.of(application);
        long at = System.currentTimeMillis();
        exec(application, paused, "Paused.", "pause", "--reason", "a look at the heap");
        Await.pass(LONG_ENOUGH);
        Aftermath.of(application, before, at).awaitUndisturbed(paused);
        Row killed = rows.row("killed-while-paused");
        Moment then = Moment.of(application);
        Console.event("--- the JobManager is killed");
        cluster.faults().kill(then.jobManager());
        Await.until(
                "another process in its container",
                LIMIT,
                () -> {
                    String now = application.pods().runningId("jobmanager");
                    return !now.isEmpty() && !now.equals(then.jobManager());
                });
        long pointer = application.pointer();
        Await.pass(LONG_ENOUGH);
        killed.claim("no JobManager is let in", application.pointer() == pointer);
        long resumedAt = System.currentTimeMillis();
        exec(application, killed, "is on again", "resume");
        Aftermath.of(application, then, resumedAt)
                .awaitFailover(killed, LIMIT)
                .claimInPlace(killed);
    }

    private static void stepDown(Application application, Row row) {
        application.awaitCheckpoints(3, Duration.ofMinutes(1));
        Moment before = Moment.of(application);
        long at = System.currentTimeMillis();
        exec(application, row, "container is this one", "step-down");
        Aftermath.of(application, before, at).awaitFailover(row, LIMIT).claimInPlace(row);
    }

    /** Its pod is gone then, and the person calls from elsewhere. */
    private static void parkAndResume(TestCluster cluster, Application application, Row row) {
        application.awaitCheckpoints(3, Duration.ofMinutes(1));
        Moment before = Moment.of(application);
        long at = System.currentTimeMillis();
        exec(application, row, "is suspended", "park");
        Await.until(
                "the Job's condition Suspended, and the end of its pod",
                LIMIT,
                () -> application.jobIs("Suspended") && application.pods().jobManager() == null);
        row.figure("toParkedMillis", System.currentTimeMillis() - at);
        long resumedAt = System.currentTimeMillis();
        asked(
                application,
                row,
                "is resumed",
                List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-jar",
                        cluster.project().agent().toString(),
                        "resume",
                        "--cluster-id",
                        Application.CLUSTER_ID,
                        "--namespace",
                        application.namespace(),
                        "-o",
                        "text"));
        Aftermath.of(application, before, resumedAt).awaitFailover(row, LIMIT);
    }

    private static void restore(Application application, Row row) {
        application.awaitCheckpoints(3, Duration.ofMinutes(1));
        Moment before = Moment.of(application);
        String job = application.rest().job().id();
        String request =
                application.rest().triggerSavepoint(job, Path.of("/flink-storage/savepoints"));
        Await.until(
                "the savepoint",
                LIMIT,
                () -> !application.rest().savepoint(job, request).isEmpty());
        String savepoint = application.rest().savepoint(job, request);
        long at = System.currentTimeMillis();
        exec(application, row, "container is this one", "restore", "--from", savepoint, "--yes");
        Aftermath.of(application, before, at).withMainOnceMore().awaitFailover(row, LIMIT);
        row.claim(
                "restored from the savepoint",
                application
                        .manifest()
                        .path("restoredFrom")
                        .path("path")
                        .asText()
                        .equals(savepoint));
    }
}
