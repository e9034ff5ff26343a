package io.flinkha.lab.command;

import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.report.Report;
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
        Trial.run(
                bench,
                report,
                "ls",
                only,
                Stream.of(
                                RestoreMatrix.trials(),
                                Upgrades.trials(),
                                StateDamage.trials(),
                                ObjectDamage.trials(),
                                StockMove.trials(),
                                new StateDigests().trials())
                        .flatMap(List::stream)
                        .toList());
    }
}
