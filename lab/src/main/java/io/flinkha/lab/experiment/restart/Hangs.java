package io.flinkha.lab.experiment.restart;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.application.Failover;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.Kustomize;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.experiment.cluster.Rows;
import io.flinkha.lab.report.Row;
import java.time.Duration;

/** JobManagers that live and do nothing, and jobs that make no progress. */
public final class Hangs {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final long MOST_FROZEN = 36_000;
    private static final long MOST_MAIN_THREAD = 75_000;
    private static final Duration COLLECTION = Duration.ofSeconds(20);

    private static final String COORDINATED = argument("--coordinated") + argument("yes");

    /**
     * Without a checkpoint for 20 s there is no progress: twice the longer of interval and
     * time-out.
     */
    private static final String IMPATIENT =
            Kustomize.options("-Dexecution.checkpointing.timeout=10s");

    private static final String RESTARTS =
            IMPATIENT
                    + """
                          - op: add
                            path: /spec/template/spec/initContainers/1/env/-
                            value: { name: FLINK_HA_WATCHDOG_ON_NO_PROGRESS, value: restart }
                    """;

    private Hangs() {}

    /** Behind the others, for the job. */
    static String argument(String word) {
        return "- { op: add, path: /spec/template/spec/containers/0/args/-, value: \"%s\" }\n"
                .formatted(word);
    }

    public static void frozen(TestCluster cluster, Rows rows) {
        try (ClusterApplication application = ClusterApplication.deploy(cluster, "frozen")) {
            application.awaitSteady();
            Row row = rows.row("jobmanager-frozen");
            BeforeFault before = BeforeFault.of(application);
            long at = application.jobManager().signal("STOP");
            Failover failover =
                    Aftermath.of(application, before, at).awaitFailoverInPlace(row, LIMIT);
            claimWatchdog(application, row, failover, MOST_FROZEN, "the JobManager hung");
        }
    }

    private static void claimWatchdog(
            ClusterApplication application, Row row, Failover failover, long most, String why) {
        String reason = lastReason(application);
        row.figure("reason", reason)
                .claim("RUNNING within %d ms".formatted(most), failover.toRunningMillis() <= most)
                .claim(
                        "processing stopped for at most %d ms".formatted(RestartsInPlace.MOST_GAP),
                        failover.processingGapMillis() <= RestartsInPlace.MOST_GAP)
                // A leader in another pod knows of the Lease alone.
                .claim("the history says why", reason.equals(why) || application.hasStandby())
                .claim("an Event says so", application.hasEvent("JobManagerKilled"));
    }

    /** Of the history: why the epoch began that is led in now. */
    private static String lastReason(ClusterApplication application) {
        return application.manifest().path("history").findValuesAsText("reason").getLast();
    }

    /** As a garbage collection may take. */
    static void frozenForAWhile(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "frozen-for-a-while")) {
            application.awaitSteady();
            Row row = rows.row("jobmanager-frozen-20-s");
            BeforeFault before = BeforeFault.of(application);
            long at = application.jobManager().signal("STOP");
            Await.pass(COLLECTION);
            application.jobManager().signal("CONT");
            Aftermath.of(application, before, at).awaitUndisturbed(row);
            row.claim("nobody was killed", !application.hasEvent("JobManagerKilled"));
        }
    }

    /** Code of the user's on the JobMaster's main thread, which does not return. */
    static void mainThread(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(
                        cluster, "main-thread", Kustomize.patchOfJob(COORDINATED))) {
            application.awaitSteady();
            Row row = rows.row("main-thread-blocked");
            BeforeFault before = BeforeFault.of(application);
            Console.event("--- the JobMaster's main thread is held up");
            application.place("block");
            long at = System.currentTimeMillis();
            long killed = awaitKilled(application, before) - at;
            row.figure("toKilledMillis", killed)
                    .claim(
                            "ended within %d ms".formatted(MOST_MAIN_THREAD),
                            killed <= MOST_MAIN_THREAD);
            Directories.delete(application.data().resolve("block"));
            Failover failover =
                    Aftermath.of(application, before, at).awaitFailoverInPlace(row, LIMIT);
            claimWatchdog(
                    application,
                    row,
                    failover,
                    LIMIT.toMillis(),
                    "the JobManager's main threads hung");
        }
    }

    static void noProgress(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "no-progress", IMPATIENT)) {
            application.awaitSteady();
            Row row = rows.row("no-progress-reported");
            BeforeFault before = BeforeFault.of(application);
            long at = stall(application);
            Await.until("the Event", LIMIT, () -> application.hasEvent("NoProgress"));
            row.figure("toEventMillis", System.currentTimeMillis() - at);
            Directories.delete(application.data().resolve("stall"));
            application.awaitCheckpoints(3, LIMIT);
            row.claim(
                    "the JobManager lived on",
                    application.jobManagerProcess().equals(before.jobManager()));
        }
    }

    /** Answers when. */
    private static long stall(ClusterApplication application) {
        Console.event("--- the tasks stand still");
        application.place("stall");
        return System.currentTimeMillis();
    }

    static void noProgressRestarts(TestCluster cluster, Rows rows) {
        try (ClusterApplication application =
                ClusterApplication.deploy(cluster, "no-progress-restart", RESTARTS)) {
            application.awaitSteady();
            Row row = rows.row("no-progress-restarted");
            BeforeFault before = BeforeFault.of(application);
            long at = stall(application);
            row.figure("toKilledMillis", awaitKilled(application, before) - at);
            Directories.delete(application.data().resolve("stall"));
            var unused = Aftermath.of(application, before, at).awaitFailoverInPlace(row, LIMIT);
            int failures =
                    application.pods().agentStatus().at("/kubernetesJob/budget/failures").asInt(-1);
            String reason = lastReason(application);
            row.figure("reason", reason)
                    .figure("budgetFailures", failures)
                    .claim("an Event says why", application.hasEvent("NoProgress"))
                    .claim(
                            "the history says why",
                            reason.equals("no checkpoint completed for too long"))
                    .claim("the budget counts one failure", failures == 1);
        }
    }

    /** Answers when. */
    private static long awaitKilled(ClusterApplication application, BeforeFault before) {
        Await.until(
                "the JobManager's end",
                LIMIT,
                () -> !application.jobManagerProcess().equals(before.jobManager()));
        return System.currentTimeMillis();
    }
}
