package io.flinkha.lab.experiment.cluster;

import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.cluster.AuditLog;
import io.flinkha.lab.cluster.ClusterApplication;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What either side asks of the API server while nothing happens, and for a checkpoint. */
public final class ApiRequests implements Scenario.Body {
    private static final Duration WINDOW = Duration.ofMinutes(3);

    /** Requests of the start are no part of the window. */
    private static final Duration SETTLED = Duration.ofSeconds(30);

    private static final String WITHOUT_CHECKPOINTS =
            """
            patches:
              - target: { kind: Job|Deployment, name: jobmanager }
                patch: |-
                  - op: replace
                    path: /spec/template/spec/containers/0/args/0
                    value: -Dexecution.checkpointing.interval=1h
            """;

    /** What was asked for by the JobManager's account, which is the agent's on our side. */
    private record Window(long jobManager, long taskManager, long checkpoints) {}

    @Override
    public Optional<String> obstacle(TestCluster cluster) {
        return cluster.auditLog().isPresent()
                ? Optional.empty()
                : Optional.of("needs E2E_AUDIT_LOG, the API server's audit log");
    }

    @Override
    public void run(TestCluster cluster, Rows rows) {
        AuditLog log = new AuditLog(cluster.auditLog().orElseThrow());
        Map<Side, Window> idle = windows(cluster, log, "idle", WITHOUT_CHECKPOINTS);
        Map<Side, Window> busy = windows(cluster, log, "checkpoints", "");
        for (Side side : Side.values()) {
            addTo(
                    rows.row(side.title() + ": API requests"),
                    Objects.requireNonNull(idle.get(side)),
                    Objects.requireNonNull(busy.get(side)));
        }
    }

    private static void addTo(Row row, Window idle, Window busy) {
        long forCheckpoints = busy.jobManager() - idle.jobManager();
        row.figure("requestsPerMinuteIdle", perMinute(idle.jobManager()))
                .figure(
                        "requestsPerCheckpoint",
                        round((double) forCheckpoints / Math.max(1, busy.checkpoints())))
                .figure("checkpoints", busy.checkpoints())
                .figure("requestsPerMinuteBusy", perMinute(busy.jobManager()))
                .figure("taskManagerRequestsPerMinute", perMinute(idle.taskManager()))
                .figure("windowSeconds", WINDOW.toSeconds())
                .claim("the audit log names the JobManager's account", idle.jobManager() > 0)
                .claim("idle means no checkpoint", idle.checkpoints() == 0)
                .claim("busy means checkpoints", busy.checkpoints() > 0);
    }

    /** Both sides in one and the same window. */
    private static Map<Side, Window> windows(
            TestCluster cluster, AuditLog log, String name, String kustomization) {
        try (ClusterApplication stock =
                ClusterApplication.deploy(cluster, Side.STOCK, name, kustomization)) {
            // One start after the other: a small machine has enough to do with one.
            stock.awaitRunning();
            try (ClusterApplication ours =
                    ClusterApplication.deploy(cluster, Side.AGENT, name, kustomization)) {
                ours.awaitRunning();
                Await.pass(SETTLED);
                return windows(stock, ours, log);
            }
        }
    }

    private static Map<Side, Window> windows(
            ClusterApplication stock, ClusterApplication ours, AuditLog log) {
        long stockBefore = stock.rest().checkpoints().completed();
        long oursBefore = ours.rest().checkpoints().completed();
        Console.event("--- counting for " + WINDOW.toSeconds() + " s");
        Instant from = Instant.now();
        Await.pass(WINDOW);
        Instant to = Instant.now();
        return Map.of(
                Side.STOCK, window(stock, stockBefore, log, from, to),
                Side.AGENT, window(ours, oursBefore, log, from, to));
    }

    private static Window window(
            ClusterApplication application, long before, AuditLog log, Instant from, Instant to) {
        return new Window(
                log.requests(application.namespace(), "jobmanager", from, to),
                log.requests(application.namespace(), "taskmanager", from, to),
                application.rest().checkpoints().completed() - before);
    }

    private static double perMinute(long requests) {
        return round(60.0 * requests / WINDOW.toSeconds());
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
