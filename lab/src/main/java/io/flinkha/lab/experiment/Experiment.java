package io.flinkha.lab.experiment;

import io.flinkha.lab.base.Project;
import io.flinkha.lab.report.Report;

/** It adds its rows to the report; an exception is a failure of the experiment. */
public interface Experiment {
    /** That of its report, and of its directory if it has one. */
    String name();

    /** Which of the agent's executables it is about where nobody says. */
    default Project.Agent agent(Project project) {
        return Project.Agent.JVM;
    }

    void run(Project project, Report report);
}
