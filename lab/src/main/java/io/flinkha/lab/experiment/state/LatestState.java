package io.flinkha.lab.experiment.state;

import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.experiment.Trial;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.report.Report;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** State outlives the job: what a start goes on from, and what it says where it cannot. */
public final class LatestState implements LocalExperiment {
    private final Predicate<String> only;

    /** With the trials whose names are chosen. */
    public LatestState(Predicate<String> only) {
        this.only = only;
    }

    @Override
    public String name() {
        return "latest-state";
    }

    @Override
    public void run(Workbench bench, Report report) {
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
