package io.flinkha.harness.command;

import io.flinkha.harness.cluster.Bench;
import io.flinkha.harness.report.Report;

/** One experiment. It adds its rows to the report; an exception is a failure of the experiment. */
public interface Command {
    /** Its name on the command line, and that of its report and its directory. */
    String name();

    void run(Bench bench, Report report);
}
