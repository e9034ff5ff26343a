package io.flinkha.lab.experiment.lines;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.application.Failover;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.experiment.Trial;
import io.flinkha.lab.experiment.state.LastRun;
import io.flinkha.lab.experiment.state.LastRun.End;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.FlinkDistribution;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.StartOutcome;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The same behaviour on every line of Flink, each run by its own scripts. */
public final class FlinkLines implements LocalExperiment {
    static final List<String> LINES = List.of("1.20", "2.0", "2.1", "2.2", "2.3");

    private static final List<String> FIGURES =
            List.of(
                    "toRunningMillis",
                    "restoredFrom",
                    "mainRuns",
                    "recordsLost",
                    "recordsDuplicated",
                    "exitCode");

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Predicate<String> only;

    /** With the trials whose names are chosen. */
    public FlinkLines(Predicate<String> only) {
        this.only = only;
    }

    @Override
    public String name() {
        return "flink-lines";
    }

    @Override
    public void run(Workbench bench, Report report) {
        List<Trial> trials = new ArrayList<>();
        for (String line : LINES) {
            trials.add(trial(line, "JobManager SIGKILL", FlinkLines::jobManagerKilled));
            trials.add(trial(line, "main() throws on failover", FlinkLines::throwingMain));
            trials.add(trial(line, "agent SIGKILL", FlinkLines::agentKilled));
            trials.add(trial(line, "FAILED, fixed, restored", FlinkLines::failedAndFixed));
            trials.add(trial(line, "cancelled", FlinkLines::cancelled));
            trials.add(trial(line, "finished", FlinkLines::finished));
        }
        trials.addAll(LineJobs.trials());
        trials.addAll(LineExamples.trials());
        trials.addAll(LineUpgrades.trials());
        trials.replaceAll(FlinkLines::withAllFigures);
        Trial.run(bench, report, "fl", only, trials);
        LineSources.addTo(report, bench.project().root());
    }

    /** Only rows with the same figures stand in one table. */
    private static Trial withAllFigures(Trial trial) {
        return new Trial(
                trial.name(),
                (bench, id, row) -> {
                    FIGURES.forEach(figure -> row.figure(figure, null));
                    trial.act().run(bench, id, row);
                });
    }

    /** What happens on a line's cluster. */
    interface Body {
        void run(Workbench bench, ApplicationSpec spec, Row row);
    }

    static Trial trial(String line, String what, Body body) {
        return new Trial(
                line + ": " + what,
                (bench, id, row) -> body.run(bench, spec(bench, id, line), row));
    }

    static ApplicationSpec spec(Workbench bench, String id, String line) {
        return Trial.spec(bench, id)
                .withFlink("restart-strategy.type", "none")
                .withDistribution(FlinkDistribution.of(bench.project(), line));
    }

    static void jobManagerKilled(Workbench bench, ApplicationSpec spec, Row row) {
        try (LocalApplication application = bench.start(spec.clusterId(), spec)) {
            application.awaitSteady();
            killedAndFinished(application, row);
        }
    }

    static void killedAndFinished(LocalApplication application, Row row) {
        killed(application, row);
        exactlyOnce(application, row, 1);
    }

    static void killed(LocalApplication application, Row row) {
        Failover failover = Aftermath.ofKilledJobManager(application);
        StartOutcome start = StartOutcome.of(application.jobManager().current().log());
        row.figure("toRunningMillis", failover.toRunningMillis())
                .figure("restoredFrom", start.restoredFrom());
        failover.claimFromLatest(row);
    }

    private static void throwingMain(Workbench bench, ApplicationSpec spec, Row row) {
        jobManagerKilled(bench, spec.withJob(spec.job().with("--second-main", "throws")), row);
    }

    private static void agentKilled(Workbench bench, ApplicationSpec spec, Row row) {
        try (LocalApplication application = bench.start(spec.clusterId(), spec)) {
            application.awaitSteady();
            BeforeFault before = BeforeFault.of(application);
            Aftermath aftermath = Aftermath.of(application, before, application.killAgent());
            var unused = aftermath.awaitAgent(LIMIT);
            // No task left RUNNING: that is what the claims say.
            aftermath.awaitUndisturbed(3, LIMIT).claim(row.figure("toRunningMillis", 0));
            exactlyOnce(application, row, 1);
        }
    }

    private static void failedAndFixed(Workbench bench, ApplicationSpec spec, Row row) {
        try (LocalApplication application = bench.start(spec.clusterId(), spec)) {
            LastRun last = LastRun.of(application, End.FAILED);
            row.claim("it ended as FAILED", application.jobManager().over().orElse(-1) == 163);
            restores(application, application::replaceJob, spec, last.checkpoint(), row);
        }
    }

    /** A new Job goes on from that state. */
    static void restores(
            LocalApplication application,
            NextJob next,
            ApplicationSpec spec,
            String expected,
            Row row) {
        Console.event("--- a new Job");
        long applied = System.currentTimeMillis();
        next.replace(spec);
        StartOutcome start = StartOutcome.await(application.pod(), 0);
        row.figure("toRunningMillis", System.currentTimeMillis() - applied)
                .figure("restoredFrom", start.restoredFrom())
                .claim("it is a RESTORE", start.kind().equals("RESTORE"))
                .claim("from " + StartOutcome.name(expected), start.restored().equals(expected));
        exactlyOnce(application, row, 2);
    }

    /** How the next Job takes the place of the one before. */
    interface NextJob {
        Object replace(ApplicationSpec spec);
    }

    private static void cancelled(Workbench bench, ApplicationSpec spec, Row row) {
        try (LocalApplication application = bench.start(spec.clusterId(), spec)) {
            LastRun last = LastRun.of(application, End.CANCELED);
            int exitCode = application.jobManager().over().orElse(-1);
            row.figure("mainRuns", last.mainRuns())
                    .figure("exitCode", exitCode)
                    .claim("exit code 0", exitCode == 0)
                    .claim("it is recorded", application.result().equals("CANCELED"))
                    .claim(
                            "its state is kept",
                            Files.exists(Path.of(URI.create(last.checkpoint() + "/_metadata"))));
        }
    }

    private static void finished(Workbench bench, ApplicationSpec spec, Row row) {
        try (LocalApplication application = bench.start(spec.clusterId(), spec)) {
            application.awaitSteady();
            exactlyOnce(application, row, 1);
            row.claim("it is recorded", application.result().equals("FINISHED"))
                    .claim(
                            "with no savepoint",
                            application
                                    .manifest()
                                    .path("result")
                                    .path("savepoint")
                                    .asText("?")
                                    .isEmpty());
        }
    }

    static void exactlyOnce(LocalApplication application, Row row, int mainRuns) {
        Trial.finishExactlyOnce(application, row);
        row.figure("exitCode", application.jobManager().over().orElse(-1))
                .claim("main() ran as often as it had to", application.mainRuns() == mainRuns);
    }
}
