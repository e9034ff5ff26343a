package io.flinkha.lab.command;

import io.flinkha.lab.Console;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Job;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.measure.CommittedOutput;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One row of a report, with a cluster of its own. */
record Trial(String name, Act act) {
    /** A few seconds when drained. */
    static final long RECORDS = 8_000;

    private static final int PER_SECOND = 100;

    interface Act {
        void run(Bench bench, String clusterId, Row row);
    }

    /** Those in whose names the expression is found; all of them if it is empty. */
    static void run(Bench bench, Report report, String clusterId, String only, List<Trial> trials) {
        int number = 0;
        for (Trial trial : trials) {
            if (trial.name().matches(".*(" + only + ").*")) {
                trial.guarded(bench, report, clusterId + "-" + ++number);
                // It takes minutes: what was found so far shall outlive an end from outside.
                report.write(bench.project().target().resolve("reports"));
            }
        }
    }

    /** A trial that does not get to its end is a row that does not hold, not the end. */
    private void guarded(Bench bench, Report report, String clusterId) {
        Console.event("=== " + clusterId + ": " + name);
        Row row = report.row(name);
        try {
            act.run(bench, clusterId, row);
        } catch (RuntimeException e) {
            Console.event("FAILED: " + e);
            row.claim(e.toString(), false);
        }
        Console.event(row.held() ? "    holds" : "    does NOT hold");
    }

    static ClusterSpec spec(Bench bench, String clusterId) {
        return ClusterSpec.of(Kind.AGENT, clusterId, counting(bench))
                .withFlink("execution.checkpointing.interval", "500 ms")
                // The run before may have left its tasks: these are the ones that hold the slots.
                .withFlink("taskmanager.slot.timeout", "3 s");
    }

    static Job counting(Bench bench) {
        return Job.counting(bench.project().demoJob(), RECORDS, PER_SECOND);
    }

    static Path output(Cluster cluster) {
        return cluster.lab().data().resolve("out");
    }

    /** Lets the job run to its end, and looks what it committed. */
    static CommittedOutput finish(Cluster cluster, Row row) {
        if (!Files.exists(cluster.lab().data().resolve("drain"))) {
            Stage.place(cluster, "drain");
        }
        Console.event("--- the job may finish");
        Stage.awaitOver(cluster.pod());
        CommittedOutput output = CommittedOutput.read(output(cluster), RECORDS);
        row.figure("mainRuns", cluster.mainRuns())
                .figure("recordsLost", output.lost())
                .figure("recordsDuplicated", output.duplicated())
                .claim("the job finished", cluster.jobManager().over().orElse(-1) == 0);
        return output;
    }
}
