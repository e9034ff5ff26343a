package io.flinkha.lab.command;

import io.flinkha.lab.Console;
import io.flinkha.lab.api.ControlProxy;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Job;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.measure.CommittedOutput;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Kills, stops and cuts off at each message of the protocol, before it is forwarded and before its
 * reply is.
 */
public final class KillPoints implements Command {
    private static final int PER_SECOND = 100;

    /** More than the slow rate reaches while all shared points are run. */
    private static final long SHARED_RECORDS = 100_000;

    private static final long OWN_RECORDS = 6_000;

    /** Each of them starts processes anew, of which the supervisor allows only so many. */
    private static final int POINTS_PER_SETUP = 25;

    private final String only;
    private int setups;
    private int points;

    /** With the points in whose names this expression is found; all of them if it is empty. */
    public KillPoints(String only) {
        this.only = only;
    }

    @Override
    public String name() {
        return "kill-points";
    }

    @Override
    public void run(Bench bench, Report report) {
        Deque<KillPoint> shared = chosen(KillPointList.shared());
        while (!shared.isEmpty()) {
            share(bench, report, shared);
            keep(bench, report);
        }
        Deque<KillPoint> firstStarts = chosen(KillPointList.firstStarts());
        Deque<KillPoint> ends = chosen(KillPointList.ends());
        while (!firstStarts.isEmpty() || !ends.isEmpty()) {
            fresh(bench, report, firstStarts.poll(), ends.poll());
            keep(bench, report);
        }
        for (KillPoint point : chosen(KillPointList.failures())) {
            ClusterSpec spec = spec(bench, OWN_RECORDS);
            guarded(
                    report,
                    point,
                    new ArrayList<>(),
                    (failure, row) -> KillFailure.run(bench, spec, failure, OWN_RECORDS, row));
            keep(bench, report);
        }
        report.row("all points").figure("points", points).figure("runs", setups);
    }

    /** It takes minutes: what was found so far shall outlive an end from outside. */
    private static void keep(Bench bench, Report report) {
        report.write(bench.project().target().resolve("reports"));
    }

    private Deque<KillPoint> chosen(List<KillPoint> points) {
        return new ArrayDeque<>(
                points.stream()
                        .filter(point -> point.name().matches(".*(" + only + ").*"))
                        .toList());
    }

    /** Takes points, until one goes wrong: what comes after that begins anew. */
    private void share(Bench bench, Report report, Deque<KillPoint> points) {
        List<Row> rows = new ArrayList<>();
        try (Cluster cluster = prepare(bench, SHARED_RECORDS)) {
            KillScene scene = new KillScene(cluster, cluster.openControlProxy());
            cluster.start();
            Stage.awaitSteady(cluster);
            boolean well = true;
            while (well && !points.isEmpty() && rows.size() < POINTS_PER_SETUP) {
                well = guarded(report, points.remove(), rows, scene::run);
            }
            finish(cluster, scene, rows, well, SHARED_RECORDS);
        }
    }

    /** A first start and an end in one life of a cluster, each with its death. */
    private void fresh(
            Bench bench, Report report, @Nullable KillPoint first, @Nullable KillPoint end) {
        List<Row> rows = new ArrayList<>();
        try (Cluster cluster = prepare(bench, OWN_RECORDS)) {
            ControlProxy control = cluster.openControlProxy();
            KillScene scene = new KillScene(cluster, control);
            boolean well = true;
            if (first == null) {
                cluster.start();
                Stage.awaitCheckpointed(cluster);
            } else {
                well = guarded(report, first, rows, scene::run);
            }
            if (well && end != null) {
                well = guarded(report, end, rows, scene::end);
            } else if (end != null) {
                report.row(end.name()).claim("its setup broke before it was run", false);
            }
            finish(cluster, scene, rows, well, OWN_RECORDS);
        }
    }

    private Cluster prepare(Bench bench, long records) {
        ClusterSpec spec = spec(bench, records);
        return bench.prepare(spec.clusterId(), spec);
    }

    private ClusterSpec spec(Bench bench, long records) {
        Job job = Job.counting(bench.project().demoJob(), records, PER_SECOND);
        return ClusterSpec.of(Kind.AGENT, "kp-" + ++setups, job);
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
            Console.event("FAILED: " + e);
            row.figure("endState", "none").claim(e.toString(), false);
            return false;
        }
    }

    /** What was lost or written twice is seen when the job is over: it is every row's. */
    private static void finish(
            Cluster cluster, KillScene scene, List<Row> rows, boolean well, long records) {
        if (!well) {
            rows.forEach(row -> row.claim("its setup broke later: records not counted", false));
            return;
        }
        try {
            if (cluster.jobManager().over().isEmpty()) {
                scene.finish();
            }
        } catch (IllegalStateException e) {
            rows.forEach(row -> row.claim(e.toString(), false));
            return;
        }
        CommittedOutput output = CommittedOutput.read(cluster.lab().data().resolve("out"), records);
        rows.forEach(row ->
                row.figure("recordsLost", output.lost())
                        .figure("recordsDuplicated", output.duplicated())
                        .claim("every record is committed exactly once", output.exactlyOnce()));
    }
}
