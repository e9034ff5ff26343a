package io.flinkha.lab.command;

import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.measure.Failover;
import io.flinkha.lab.measure.FileCensus;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The same job and the same deaths on stock Kubernetes HA and on ours, in turns. */
public final class Compare implements Command {
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final List<Kind> kinds;
    private final int kills;

    public Compare(List<Kind> kinds, int kills) {
        this.kinds = kinds;
        this.kills = kills;
    }

    @Override
    public String name() {
        return "compare";
    }

    private static final class Side {
        private final List<Failover> failovers = new ArrayList<>();
        private int mainRuns;
        private int filesLeft;
        private int filesUnnamed;
        private int setups;
        private ApiWindow window = new ApiWindow(0, 0, 0, 0, 0);
    }

    @Override
    public void run(Bench bench, Report report) {
        List<Side> sides = kinds.stream().map(kind -> new Side()).toList();
        int left = kills;
        for (int round = 1; left > 0; round++) {
            int now = Math.min(left, 3);
            for (int i = 0; i < kinds.size(); i++) {
                turn(bench, kinds.get(i), round, now, sides.get(i));
            }
            left -= now;
        }
        for (int i = 0; i < kinds.size(); i++) {
            addRow(report, kinds.get(i), sides.get(i));
        }
        if (kinds.size() == 2) {
            long stock = median(times(sides.get(0)));
            long ours = median(times(sides.get(1)));
            report.row("ratio")
                    .figure("stockToOurs", Math.round(10.0 * stock / ours) / 10.0)
                    .claim("ours is faster", ours < stock);
        }
    }

    private static void turn(Bench bench, Kind kind, int round, int kills, Side side) {
        String id = kind.name().toLowerCase(Locale.ROOT) + "-" + round;
        Console.event("=== " + id);
        try (Cluster cluster = bench.start(id, Stage.counting(bench, kind, id))) {
            Stage.awaitSteady(cluster);
            if (round == 1) {
                side.window = ApiWindow.over(cluster, WINDOW);
            }
            for (int i = 0; i < kills; i++) {
                side.failovers.add(Failover.byKilling(cluster));
                Stage.awaitCheckpoints(cluster.pod(), 2, Duration.ofMinutes(1));
            }
            cluster.pod().rest().cancel();
            Await.until(
                    "the end of the cancelled job's JobManager",
                    Duration.ofMinutes(1),
                    () -> cluster.jobManager().over().isPresent());
            side.setups++;
            side.mainRuns += cluster.mainRuns();
            LeftFiles files = LeftFiles.of(cluster);
            int highAvailability = FileCensus.below(cluster.lab().highAvailability()).size();
            side.filesLeft += files.left().size() + highAvailability;
            side.filesUnnamed += files.unnamed().size() + highAvailability;
        }
    }

    private static void addRow(Report report, Kind kind, Side side) {
        List<Long> times = times(side);
        Row row =
                report.row(kind.name().toLowerCase(Locale.ROOT))
                        .figure("kills", side.failovers.size())
                        .figure("medianToRunningMillis", median(times))
                        .figure("fastestToRunningMillis", times.getFirst())
                        .figure("slowestToRunningMillis", times.getLast())
                        .figure(
                                "medianProcessingGapMillis",
                                median(
                                        side.failovers.stream()
                                                .map(Failover::processingGapMillis)
                                                .sorted()
                                                .toList()))
                        .figure("jobStarts", side.setups)
                        .figure("mainRuns", side.mainRuns)
                        .figure("idleApiRequestsPerMinute", side.window.idlePerMinute())
                        .figure("apiRequestsPerCheckpoint", side.window.requestsPerCheckpoint())
                        .figure("filesLeftAfterCancel", side.filesLeft)
                        .figure("filesUnnamedAfterCancel", side.filesUnnamed);
        row.claim(
                "each failover from the newest checkpoint",
                side.failovers.stream().allMatch(Failover::fromLatest));
        if (kind == Kind.AGENT) {
            row.claim("main() ran once for each job", side.mainRuns == side.setups);
        }
    }

    private static List<Long> times(Side side) {
        return side.failovers.stream().map(Failover::toRunningMillis).sorted().toList();
    }

    private static long median(List<Long> sorted) {
        return sorted.get(sorted.size() / 2);
    }
}
