package io.flinkha.lab.experiment.failover;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.Failover;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.experiment.operations.ApiWindow;
import io.flinkha.lab.experiment.state.LeftFiles;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.FileCensus;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The same job and the same deaths on stock Kubernetes HA and on ours, in turns. */
public final class Compare implements LocalExperiment {
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final List<Side> sides;
    private final int kills;

    public Compare(List<Side> sides, int kills) {
        this.sides = sides;
        this.kills = kills;
    }

    @Override
    public String name() {
        return "compare";
    }

    private static final class Tally {
        private final List<Failover> failovers = new ArrayList<>();
        private int mainRuns;
        private int filesLeft;
        private int filesUnnamed;
        private int setups;
        private ApiWindow window = new ApiWindow(0, 0, 0, 0, 0);
    }

    @Override
    public void run(Workbench bench, Report report) {
        List<Tally> tallies = sides.stream().map(side -> new Tally()).toList();
        int left = kills;
        for (int round = 1; left > 0; round++) {
            int now = Math.min(left, 3);
            for (int i = 0; i < sides.size(); i++) {
                turn(bench, sides.get(i), round, now, tallies.get(i));
            }
            left -= now;
        }
        for (int i = 0; i < sides.size(); i++) {
            addRow(report, sides.get(i), tallies.get(i));
        }
        if (sides.size() == 2) {
            long stock = median(times(tallies.get(0)));
            long ours = median(times(tallies.get(1)));
            report.row("ratio")
                    .figure("stockToOurs", Math.round(10.0 * stock / ours) / 10.0)
                    .claim("ours is faster", ours < stock);
        }
    }

    private static void turn(Workbench bench, Side side, int round, int kills, Tally tally) {
        String id = side.name().toLowerCase(Locale.ROOT) + "-" + round;
        Console.event("=== " + id);
        try (LocalApplication application = bench.start(id, bench.counting(side, id))) {
            application.awaitSteady();
            if (round == 1) {
                tally.window = ApiWindow.over(application, WINDOW);
            }
            for (int i = 0; i < kills; i++) {
                tally.failovers.add(Aftermath.ofKilledJobManager(application));
                application.awaitCheckpoints(2, Duration.ofMinutes(1));
            }
            application.rest().cancel();
            Await.until(
                    "the end of the cancelled job's JobManager",
                    Duration.ofMinutes(1),
                    () -> application.jobManager().over().isPresent());
            tally.setups++;
            tally.mainRuns += application.mainRuns();
            LeftFiles files = LeftFiles.of(application);
            int highAvailability =
                    FileCensus.below(application.directory().highAvailability()).size();
            tally.filesLeft += files.left().size() + highAvailability;
            tally.filesUnnamed += files.unnamed().size() + highAvailability;
        }
    }

    private static void addRow(Report report, Side side, Tally tally) {
        List<Long> times = times(tally);
        Row row =
                report.row(side.name().toLowerCase(Locale.ROOT))
                        .figure("kills", tally.failovers.size())
                        .figure("medianToRunningMillis", median(times))
                        .figure("fastestToRunningMillis", times.getFirst())
                        .figure("slowestToRunningMillis", times.getLast())
                        .figure(
                                "medianProcessingGapMillis",
                                median(
                                        tally.failovers.stream()
                                                .map(Failover::processingGapMillis)
                                                .sorted()
                                                .toList()))
                        .figure("jobStarts", tally.setups)
                        .figure("mainRuns", tally.mainRuns)
                        .figure("idleApiRequestsPerMinute", tally.window.idlePerMinute())
                        .figure("apiRequestsPerCheckpoint", tally.window.requestsPerCheckpoint())
                        .figure("filesLeftAfterCancel", tally.filesLeft)
                        .figure("filesUnnamedAfterCancel", tally.filesUnnamed);
        row.claim(
                "each failover from the newest checkpoint",
                tally.failovers.stream().allMatch(Failover::fromLatest));
        if (side == Side.AGENT) {
            row.claim("main() ran once for each job", tally.mainRuns == tally.setups);
        }
    }

    private static List<Long> times(Tally tally) {
        return tally.failovers.stream().map(Failover::toRunningMillis).sorted().toList();
    }

    private static long median(List<Long> sorted) {
        return sorted.get(sorted.size() / 2);
    }
}
