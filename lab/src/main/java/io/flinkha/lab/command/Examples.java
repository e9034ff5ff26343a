package io.flinkha.lab.command;

import io.flinkha.lab.Console;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Job;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.measure.Failover;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.util.List;
import java.util.Locale;

/** Two of Flink's own example jobs, which know nothing of us, survive a JobManager's death. */
public final class Examples implements Command {
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
    public void run(Bench bench, Report report) {
        EXAMPLES.forEach(example -> survive(bench, report, example));
    }

    private static void survive(Bench bench, Report report, Example example) {
        Console.event("=== " + example.name());
        String id = example.name().toLowerCase(Locale.ROOT);
        Job job =
                Job.foreign(
                        bench.project().demoJob(),
                        bench.project().example(example.name()),
                        example.mainClass(),
                        List.of());
        try (Cluster cluster = bench.start(id, ClusterSpec.of(Kind.AGENT, id, job))) {
            Stage.awaitSteady(cluster);
            Failover failover = Failover.byKilling(cluster);
            Row row = report.row(example.name());
            failover.addTo(row)
                    .figure("mainRuns", cluster.mainRuns())
                    .figure("jobs", cluster.pod().rest().jobs())
                    .claim("main() ran once", cluster.mainRuns() == 1)
                    .claim("one job", cluster.pod().rest().jobs() == 1);
        }
    }
}
