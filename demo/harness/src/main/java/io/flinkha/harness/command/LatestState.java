package io.flinkha.harness.command;

import io.flinkha.harness.Console;
import io.flinkha.harness.cluster.Bench;
import io.flinkha.harness.report.Report;
import io.flinkha.harness.report.Row;
import java.util.List;
import java.util.stream.Stream;

/** State outlives the job: what a start goes on from, and what it says where it cannot. */
public final class LatestState implements Command {
    private final String only;

    /** With the trials in whose names this expression is found; all of them if it is empty. */
    public LatestState(String only) {
        this.only = only;
    }

    @Override
    public String name() {
        return "latest-state";
    }

    @Override
    public void run(Bench bench, Report report) {
        List<Trial> chosen =
                Stream.of(
                                RestoreMatrix.trials(),
                                Upgrades.trials(),
                                StateDamage.trials(),
                                ObjectDamage.trials(),
                                StockMove.trials(),
                                new StateDigests().trials())
                        .flatMap(List::stream)
                        .filter(trial -> trial.name().matches(".*(" + only + ").*"))
                        .toList();
        int number = 0;
        for (Trial trial : chosen) {
            guarded(bench, report, trial, "ls-" + ++number);
            // It takes minutes: what was found so far shall outlive an end from outside.
            report.write(bench.project().target().resolve("reports"));
        }
    }

    /** A trial that does not get to its end is a row that does not hold, not the end. */
    private static void guarded(Bench bench, Report report, Trial trial, String clusterId) {
        Console.event("=== " + clusterId + ": " + trial.name());
        Row row = report.row(trial.name());
        try {
            trial.act().run(bench, clusterId, row);
        } catch (RuntimeException e) {
            Console.event("FAILED: " + e);
            row.claim(e.toString(), false);
        }
        Console.event(row.held() ? "    holds" : "    does NOT hold");
    }
}
