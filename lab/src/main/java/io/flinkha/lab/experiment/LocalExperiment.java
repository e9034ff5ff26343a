package io.flinkha.lab.experiment;

import io.flinkha.lab.base.Project;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.report.Report;

/** An experiment on processes of this machine, with an API server of its own. */
public interface LocalExperiment extends Experiment {
    void run(Workbench bench, Report report);

    @Override
    default void run(Project project, Report report) {
        try (Workbench bench = Workbench.open(project, name())) {
            run(bench, report);
        }
    }
}
