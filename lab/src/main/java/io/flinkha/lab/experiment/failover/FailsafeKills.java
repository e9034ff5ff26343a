package io.flinkha.lab.experiment.failover;

import io.flinkha.lab.api.CommitHold;
import io.flinkha.lab.api.StoreProxy;
import io.flinkha.lab.api.StoreProxy.Request;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.ObjectStorage;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.CheckpointPointer;
import io.flinkha.lab.process.Ports;
import io.flinkha.lab.process.SupervisedChild;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** JobManager, agent or both killed at each message to the storage as witness. */
final class FailsafeKills {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private enum Victim {
        JM(true, false),
        AGENT(false, true),
        BOTH(true, true);

        private final boolean jobManager;
        private final boolean agent;

        Victim(boolean jobManager, boolean agent) {
            this.jobManager = jobManager;
            this.agent = agent;
        }
    }

    private record Point(Request request, CommitHold.Point at, Victim victim) {
        String name() {
            return "%s, %s, %s"
                    .formatted(request.title(), at.name().toLowerCase(Locale.ROOT), victim);
        }
    }

    private final LocalApplication application;
    private final StoreProxy proxy;

    private FailsafeKills(LocalApplication application, StoreProxy proxy) {
        this.application = application;
        this.proxy = proxy;
    }

    /** On one application: each point begins once it makes checkpoints again. */
    static void run(Workbench bench, Report report, Predicate<String> only) {
        List<Point> points = points().stream().filter(point -> only.test(point.name())).toList();
        if (points.isEmpty()) {
            return;
        }
        ObjectStorage store = bench.objectStorage();
        try (StoreProxy proxy = new StoreProxy(Ports.free(), store.port())) {
            ApplicationSpec spec =
                    Failsafe.failsafe(store.holds(bench.counting(Side.AGENT, "failsafe-kills")))
                            // The first budget would not last.
                            .withAgent("FLINK_HA_RESTART_MAX_FAILURES", "1000")
                            .withAgent(
                                    "FLINK_HA_STORAGE_ENDPOINT",
                                    "http://127.0.0.1:" + proxy.port());
            try (LocalApplication application = bench.start("failsafe-kills", spec)) {
                application.awaitSteady();
                FailsafeKills kills = new FailsafeKills(application, proxy);
                for (Point point : points) {
                    Row row = report.row("kill: " + point.name());
                    try {
                        kills.strike(point, row);
                    } catch (RuntimeException e) {
                        row.brokenOff(e);
                    }
                    var unused = report.keep();
                }
                Failsafe.finish(
                        application,
                        application.pod(),
                        report.row("kill: all of it, exactly once"));
            }
        }
    }

    private static List<Point> points() {
        return List.of(Request.values()).stream()
                .flatMap(request ->
                        List.of(CommitHold.Point.values()).stream()
                                .flatMap(at ->
                                        List.of(Victim.values()).stream()
                                                .map(victim -> new Point(request, at, victim))))
                .toList();
    }

    private void strike(Point point, Row row) {
        Console.event("=== " + point.name());
        Failsafe.awaitReady(application.pod());
        int mainRuns = application.mainRuns();
        boolean outage = point.request() == Request.LOOK || point.request() == Request.COMMIT;
        if (outage) {
            application.proxy().refuse();
            Await.until(
                    "the storage keeps the gate open",
                    MINUTE,
                    () -> AgentPage.of(application.pod()).lastCommitAt() > 0);
        }
        CommitHold hold = proxy.holdNext(point.request(), point.at());
        if (point.request() == Request.MARK) {
            application.jobManager().kill();
        } else if (point.request() == Request.COPIES) {
            application.jobManager().kill();
            application.killAgent();
        }
        var unused = hold.await(MINUTE);
        long acknowledged =
                outage
                        ? AgentPage.of(application.pod()).newestCheckpoint()
                        : CheckpointPointer.newest(application.manifest());
        if (point.victim().agent) {
            application.killAgent();
        }
        if (point.victim().jobManager
                && application.jobManager() instanceof SupervisedChild jobManager) {
            jobManager.killIfThere();
        }
        if (point.victim().agent) {
            hold.drop();
        } else {
            hold.release();
        }
        if (outage) {
            application.proxy().accept();
        }
        long at = System.currentTimeMillis();
        Await.until(
                "the job RUNNING and a new checkpoint",
                LIMIT,
                () ->
                        CheckpointPointer.newest(application.manifest()) > acknowledged
                                && application.rest().job().allRunning());
        row.figure("acknowledgedCheckpoint", acknowledged)
                .figure("toNextCheckpointMillis", System.currentTimeMillis() - at)
                .figure("epoch", application.epoch())
                .claim("main() did not run again", application.mainRuns() == mainRuns);
        application.awaitCheckpoints(2, MINUTE);
    }
}
