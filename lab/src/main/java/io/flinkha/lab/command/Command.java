package io.flinkha.lab.command;

import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.report.Report;

/** One experiment. It adds its rows to the report; an exception is a failure of the experiment. */
public interface Command {
    /** Its name on the command line, and that of its report and its directory. */
    String name();

    void run(Bench bench, Report report);
}
