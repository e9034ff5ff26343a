package io.flinkha.lab.experiment.protocol;

import io.flinkha.lab.api.ControlProxy;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.FlinkJob;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Kills, stops and cuts off at each message of the protocol, before it is forwarded and before its
 * reply is.
 */
public final class KillPoints implements LocalExperiment {
    private static final int PER_SECOND = 100;

    /** More than the slow rate reaches while all shared points are run. */
    private static final long SHARED_RECORDS = 100_000;

    private static final long OWN_RECORDS = 6_000;

    /** Each of them starts processes anew, of which the supervisor allows only so many. */
    private static final int POINTS_PER_SETUP = 25;

    private final Predicate<String> only;
    private int setups;
    private int points;

    /** With the points whose names are chosen. */
    public KillPoints(Predicate<String> only) {
        this.only = only;
    }

    @Override
    public String name() {
        return "kill-points";
    }

    @Override
    public void run(Workbench bench, Report report) {
        Deque<KillPoint> shared = chosen(KillPointList.shared());
        while (!shared.isEmpty()) {
            share(bench, report, shared);
            var unused = report.keep();
        }
        Deque<KillPoint> firstStarts = chosen(KillPointList.firstStarts());
        Deque<KillPoint> ends = chosen(KillPointList.ends());
        while (!firstStarts.isEmpty() || !ends.isEmpty()) {
            fresh(bench, report, firstStarts.poll(), ends.poll());
            var unused = report.keep();
        }
        for (KillPoint point : chosen(KillPointList.failures())) {
            ApplicationSpec spec = spec(bench, OWN_RECORDS);
            guarded(
                    report,
                    point,
                    new ArrayList<>(),
                    (failure, row) -> KillFailure.run(bench, spec, failure, OWN_RECORDS, row));
            var unused = report.keep();
        }
        report.row("all points").figure("points", points).figure("runs", setups);
    }

    private Deque<KillPoint> chosen(List<KillPoint> points) {
        return new ArrayDeque<>(points.stream().filter(point -> only.test(point.name())).toList());
    }

    /** Takes points, until one goes wrong: what comes after that begins anew. */
    private void share(Workbench bench, Report report, Deque<KillPoint> points) {
        List<Row> rows = new ArrayList<>();
        try (LocalApplication application = prepare(bench, SHARED_RECORDS)) {
            KillScene scene = new KillScene(application, application.openControlProxy());
            application.start();
            application.awaitSteady();
            boolean well = true;
            while (well && !points.isEmpty() && rows.size() < POINTS_PER_SETUP) {
                well = guarded(report, points.remove(), rows, scene::run);
            }
            finish(application, scene, rows, well, SHARED_RECORDS);
        }
    }

    /** A first start and an end in one life of a cluster, each with its death. */
    private void fresh(
            Workbench bench, Report report, @Nullable KillPoint first, @Nullable KillPoint end) {
        List<Row> rows = new ArrayList<>();
        try (LocalApplication application = prepare(bench, OWN_RECORDS)) {
            ControlProxy control = application.openControlProxy();
            KillScene scene = new KillScene(application, control);
            boolean well = true;
            if (first == null) {
                application.start();
                application.awaitCheckpointed();
            } else {
                well = guarded(report, first, rows, scene::run);
            }
            if (well && end != null) {
                well = guarded(report, end, rows, scene::end);
            } else if (end != null) {
                report.row(end.name()).claim("its setup broke before it was run", false);
            }
            finish(application, scene, rows, well, OWN_RECORDS);
        }
    }

    private LocalApplication prepare(Workbench bench, long records) {
        ApplicationSpec spec = spec(bench, records);
        return bench.prepare(spec.clusterId(), spec);
    }

    private ApplicationSpec spec(Workbench bench, long records) {
        FlinkJob job = FlinkJob.counting(bench.project().demoJob(), records, PER_SECOND);
        // A process that hangs is not waited for longer than one that is stopped for a while.
        return ApplicationSpec.of(Side.AGENT, "kp-" + ++setups, job)
                .withAgent("FLINK_HA_WATCHDOG_POLL_TIMEOUT", "10s");
    }

    private interface Act {
        void run(KillPoint point, Row row);
    }

    /** A point that does not get to its end state is a row that does not hold, not the end. */
    private boolean guarded(Report report, KillPoint point, List<Row> rows, Act act) {
        points++;
        Row row = report.row(point.name());
        rows.add(row);
        try {
            act.run(point, row);
            if (!row.held()) {
                Console.event("    does NOT hold");
            }
            return true;
        } catch (RuntimeException e) {
            row.figure("endState", "none").brokenOff(e);
            return false;
        }
    }

    /** What was lost or written twice is seen when the job is over: it is every row's. */
    private static void finish(
            LocalApplication application,
            KillScene scene,
            List<Row> rows,
            boolean well,
            long records) {
        if (!well) {
            rows.forEach(row -> row.claim("its setup broke later: records not counted", false));
            return;
        }
        try {
            if (application.jobManager().over().isEmpty()) {
                scene.finish();
            }
        } catch (IllegalStateException e) {
            rows.forEach(row -> row.claim(e.toString(), false));
            return;
        }
        rows.forEach(application.output(records)::claimExactlyOnce);
    }
}
