package io.flinkha.lab.experiment.lines;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.experiment.Trial;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.report.Row;
import java.util.List;

/** Two JobManagers of each line of the HA API, of which one waits. */
public final class LinePairs {
    private LinePairs() {}

    public static List<Trial> trials() {
        return LineJobs.LINES.stream()
                .map(line -> FlinkLines.trial(line, "two, each killed once", LinePairs::killed))
                .toList();
    }

    private static void killed(Workbench bench, ApplicationSpec spec, Row row) {
        try (LocalApplication application =
                bench.start(spec.clusterId(), spec.withAgent("FLINK_HA_WARM_STANDBY", "true"))) {
            application.awaitSteady();
            application.startStandby();
            application.awaitStandby();
            String first = application.podName();
            row.figure(
                    "firstToRunningMillis",
                    Aftermath.ofKilledJobManager(application).toRunningMillis());
            row.claim("the other one leads", !application.podName().equals(first));
            application.awaitStandby();
            FlinkLines.killed(application, row);
            row.claim("and then the first again", application.podName().equals(first));
            FlinkLines.exactlyOnce(application, row, 1);
            application.awaitAllOver();
        }
    }
}
