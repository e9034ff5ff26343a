package io.flinkha.lab;

import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Project;
import io.flinkha.lab.cluster.TestCluster;
import io.flinkha.lab.experiment.Experiment;
import io.flinkha.lab.report.Report;

/** The laboratory's front door: one experiment, one report. Without a name it lists all. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Console.quietLibraries();
        if (args.length == 0) {
            System.out.print(Experiments.LIST);
            return;
        }
        Arguments given = Arguments.of(args);
        Project project = Project.find(Project.Agent.JVM);
        Experiment experiment = Experiments.of(project, given);
        Project.Agent agent =
                given.has("agent")
                        ? Project.Agent.of(given.get("agent", ""))
                        : experiment.agent(project);
        System.exit(run(new Project(project.root(), agent), experiment) ? 0 : 1);
    }

    /** Runs it and writes what it found, also what it found before it failed. */
    private static boolean run(Project project, Experiment experiment) {
        Report report = new Report(project.target().resolve("reports"), experiment.name());
        try {
            experiment.run(project, report);
        } catch (TestCluster.Missing e) {
            System.out.println(e.getMessage());
            return false;
        } catch (RuntimeException e) {
            report.row("experiment").brokenOff(e);
        }
        return report.close();
    }
}
