package io.flinkha.lab;

import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Job;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.command.AgentOutage;
import io.flinkha.lab.command.Alerts;
import io.flinkha.lab.command.ApiFuzz;
import io.flinkha.lab.command.ApiOutage;
import io.flinkha.lab.command.Command;
import io.flinkha.lab.command.CommandOutputs;
import io.flinkha.lab.command.Compare;
import io.flinkha.lab.command.Demo;
import io.flinkha.lab.command.Examples;
import io.flinkha.lab.command.FlinkLines;
import io.flinkha.lab.command.Footprint;
import io.flinkha.lab.command.KillPoints;
import io.flinkha.lab.command.LatestState;
import io.flinkha.lab.command.PlanDamage;
import io.flinkha.lab.command.ScrapeCost;
import io.flinkha.lab.command.Standoff;
import io.flinkha.lab.command.Storage;
import io.flinkha.lab.command.StorageFaults;
import io.flinkha.lab.report.Report;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The harness's front door: one command, one report. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Console.quietLibraries();
        Arguments arguments = Arguments.of(args);
        boolean held = run(command(arguments));
        System.exit(held ? 0 : 1);
    }

    private static Command command(Arguments arguments) {
        return switch (arguments.command()) {
            case "demo" -> new Demo(ownJob(arguments), onS3(arguments));
            case "compare" ->
                    new Compare(
                            arguments.has("only")
                                    ? List.of(Kind.valueOf(arguments.get("only", "STOCK")))
                                    : List.of(Kind.STOCK, Kind.AGENT),
                            Integer.parseInt(arguments.get("kills", "5")));
            case "examples" -> new Examples();
            case "agent-outage" -> new AgentOutage();
            case "api-outage" -> new ApiOutage();
            case "standoff" -> new Standoff();
            case "kill-points" -> new KillPoints(arguments.get("only", ""));
            case "latest-state" -> new LatestState(arguments.get("only", ""));
            case "flink-lines" -> new FlinkLines(arguments.get("only", ""));
            case "alerts" -> new Alerts();
            case "api-fuzz" -> new ApiFuzz(Integer.parseInt(arguments.get("seed", "1")));
            case "commands" -> new CommandOutputs();
            case "scrape-cost" -> new ScrapeCost();
            case "storage-faults" -> new StorageFaults();
            case "plan-damage" -> new PlanDamage();
            case "storage" -> new Storage();
            case "footprint" -> new Footprint(Integer.parseInt(arguments.get("failovers", "10")));
            default ->
                    throw new IllegalArgumentException("Unknown command: " + arguments.command());
        };
    }

    private static boolean onS3(Arguments arguments) {
        return switch (arguments.get("storage", "file")) {
            case "file" -> false;
            case "s3" -> true;
            default ->
                    throw new IllegalArgumentException(
                            "Unknown storage '%s': give file or s3."
                                    .formatted(arguments.get("storage", "")));
        };
    }

    private static @Nullable Job ownJob(Arguments arguments) {
        if (!arguments.has("jar")) {
            return null;
        }
        String words = arguments.get("args", "").trim();
        return Job.foreign(
                Project.find().demoJob(),
                Path.of(arguments.get("jar", "")).toAbsolutePath(),
                arguments.get("main", ""),
                words.isEmpty() ? List.of() : List.of(words.split(" +")));
    }

    /** Runs it and writes what it found, also what it found before it failed. */
    private static boolean run(Command command) {
        Project project = Project.find();
        Report report = new Report(command.name());
        try (Bench bench = Bench.open(project, command.name())) {
            command.run(bench, report);
        } catch (RuntimeException e) {
            Console.event("FAILED: " + e);
            e.printStackTrace(System.out);
            report.row("experiment").claim(e.toString(), false);
        }
        System.out.println(report.table());
        Path file = report.write(project.target().resolve("reports"));
        System.out.println(file + (report.held() ? ": all claims hold" : ": NOT all claims hold"));
        return report.held();
    }
}
