package io.flinkha.lab.e2e;

import io.flinkha.lab.Console;
import io.flinkha.lab.Project;
import io.flinkha.lab.e2e.cluster.Injector;
import io.flinkha.lab.e2e.cluster.TestCluster;
import io.flinkha.lab.e2e.scenario.Injections;
import io.flinkha.lab.e2e.scenario.Rows;
import io.flinkha.lab.e2e.scenario.Scenario;
import io.flinkha.lab.e2e.scenario.Scenarios;
import io.flinkha.lab.report.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs the scenarios, or those of the injector; an argument is a regular expression for the names
 * of those to run.
 */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Console.quietLibraries();
        boolean injection = args.length > 0 && args[0].equals("injection");
        Pattern only =
                Pattern.compile(Stream.of(args).skip(injection ? 1 : 0).findFirst().orElse(""));
        Project project = Project.find();
        boolean held;
        try (TestCluster cluster = TestCluster.open(project)) {
            held = injection ? inject(cluster, project, only) : run(cluster, project, only);
        } catch (TestCluster.Missing e) {
            System.out.println(e.getMessage());
            held = false;
        }
        System.exit(held ? 0 : 1);
    }

    private static boolean inject(TestCluster cluster, Project project, Pattern only) {
        try (Injector injector = Injector.deploy(cluster)) {
            return run(cluster, project, only, new Report("injection"), Injections.all(injector));
        }
    }

    private static boolean run(TestCluster cluster, Project project, Pattern only) {
        return run(cluster, project, only, new Report("e2e"), Scenarios.all());
    }

    private static boolean run(
            TestCluster cluster,
            Project project,
            Pattern only,
            Report report,
            List<Scenario> scenarios) {
        List<String> notRun = new ArrayList<>();
        Path file = project.target();
        for (Scenario scenario : scenarios) {
            if (!only.matcher(scenario.name()).find()) {
                continue;
            }
            Optional<String> obstacle = scenario.obstacle(cluster);
            if (obstacle.isPresent()) {
                notRun.add(scenario.name() + ": not run: " + obstacle.get());
            } else {
                run(scenario, cluster, report);
                file = report.write(project.target().resolve("reports"));
            }
        }
        System.out.println(report.table());
        notRun.forEach(System.out::println);
        System.out.println(file + (report.held() ? ": all claims hold" : ": NOT all claims hold"));
        return report.held();
    }

    /** One that fails does not keep the others from being run. */
    private static void run(Scenario scenario, TestCluster cluster, Report report) {
        Rows rows = new Rows(report, scenario.name());
        try {
            scenario.body().run(cluster, rows);
        } catch (RuntimeException e) {
            Console.event("FAILED: " + e);
            e.printStackTrace(System.out);
            rows.brokenOff(e);
        }
        cluster.takeEnded().forEach(rows::claimOneLeader);
    }
}
