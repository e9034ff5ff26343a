package io.flinkha.lab.experiment.failover;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.Failover;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.FlinkJob;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.util.List;
import java.util.Locale;

/** Two of Flink's own example jobs, which know nothing of us, survive a JobManager's death. */
public final class Examples implements LocalExperiment {
    private record Example(String name, String mainClass) {}

    private static final List<Example> EXAMPLES =
            List.of(
                    new Example(
                            "StateMachineExample",
                            "org.apache.flink.streaming.examples.statemachine.StateMachineExample"),
                    new Example(
                            "TopSpeedWindowing",
                            "org.apache.flink.streaming.examples.windowing.TopSpeedWindowing"));

    @Override
    public String name() {
        return "examples";
    }

    @Override
    public void run(Workbench bench, Report report) {
        EXAMPLES.forEach(example -> survive(bench, report, example));
    }

    private static void survive(Workbench bench, Report report, Example example) {
        Console.event("=== " + example.name());
        String id = example.name().toLowerCase(Locale.ROOT);
        FlinkJob job =
                FlinkJob.foreign(
                        bench.project().demoJob(),
                        bench.project().example(example.name()),
                        example.mainClass(),
                        List.of());
        try (LocalApplication application =
                bench.start(id, ApplicationSpec.of(Side.AGENT, id, job))) {
            application.awaitSteady();
            Failover failover = Aftermath.ofKilledJobManager(application);
            Row row = report.row(example.name());
            failover.addWithPhasesTo(row)
                    .figure("mainRuns", application.mainRuns())
                    .figure("jobs", application.rest().jobs())
                    .claim("main() ran once", application.mainRuns() == 1)
                    .claim("one job", application.rest().jobs() == 1);
        }
    }
}
