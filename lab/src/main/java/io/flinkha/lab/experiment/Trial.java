package io.flinkha.lab.experiment;

import io.flinkha.lab.application.Side;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.FlinkJob;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.CommittedOutput;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** One row of a report, with a cluster of its own. */
public record Trial(String name, Act act) {
    /** A few seconds when drained. */
    public static final long RECORDS = 8_000;

    private static final int PER_SECOND = 100;

    public interface Act {
        void run(Workbench bench, String clusterId, Row row);
    }

    /** Those whose names are chosen. */
    public static void run(
            Workbench bench,
            Report report,
            String clusterId,
            Predicate<String> only,
            List<Trial> trials) {
        int number = 0;
        for (Trial trial : trials) {
            if (only.test(trial.name())) {
                trial.guarded(bench, report, clusterId + "-" + ++number);
                var unused = report.keep();
            }
        }
    }

    /** A trial that does not get to its end is a row that does not hold, not the end. */
    private void guarded(Workbench bench, Report report, String clusterId) {
        Console.event("=== " + clusterId + ": " + name);
        Row row = report.row(name);
        try {
            act.run(bench, clusterId, row);
        } catch (RuntimeException e) {
            row.brokenOff(e);
        }
        Console.event(row.held() ? "    holds" : "    does NOT hold");
    }

    public static ApplicationSpec spec(Workbench bench, String clusterId) {
        return ApplicationSpec.of(Side.AGENT, clusterId, counting(bench))
                .withFlink("execution.checkpointing.interval", "500 ms")
                // The run before may have left its tasks: these are the ones that hold the slots.
                .withFlink("taskmanager.slot.timeout", "3 s");
    }

    public static FlinkJob counting(Workbench bench) {
        return FlinkJob.counting(bench.project().demoJob(), RECORDS, PER_SECOND);
    }

    public static Path output(LocalApplication application) {
        return application.directory().data().resolve("out");
    }

    /** Lets the job run to its end, and looks what it committed. */
    public static CommittedOutput finish(LocalApplication application, Row row) {
        if (!Files.exists(application.directory().data().resolve("drain"))) {
            application.place("drain");
        }
        Console.event("--- the job may finish");
        application.awaitOver();
        CommittedOutput output = application.output(RECORDS);
        output.addTo(row.figure("mainRuns", application.mainRuns()))
                .claim("the job finished", application.jobManager().over().orElse(-1) == 0);
        return output;
    }

    public static void finishExactlyOnce(LocalApplication application, Row row) {
        row.claim("every record is committed exactly once", finish(application, row).exactlyOnce());
    }
}
