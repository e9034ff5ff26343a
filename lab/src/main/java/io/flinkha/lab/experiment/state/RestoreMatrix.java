package io.flinkha.lab.experiment.state;

import io.flinkha.lab.base.Console;
import io.flinkha.lab.experiment.Trial;
import io.flinkha.lab.experiment.state.LastRun.End;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.StartOutcome;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.CommittedOutput;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Each end of a run, and what the next start makes of it: the strategy table, row by row. */
final class RestoreMatrix {
    private static final List<String> STRATEGIES =
            List.of("latest-state", "latest-savepoint", "none");

    private RestoreMatrix() {}

    private record Case(End end, boolean newRevision, String strategy) {
        String name() {
            return "%s, %s revision, %s"
                    .formatted(end.title(), newRevision ? "new" : "same", strategy);
        }
    }

    /** What the table says of a case; the state is a path, empty for none. */
    private record Expected(String kind, String state) {}

    static List<Trial> trials() {
        List<Trial> all = new ArrayList<>();
        for (End end : End.values()) {
            for (boolean newRevision : List.of(false, true)) {
                for (String strategy : STRATEGIES) {
                    Case one = new Case(end, newRevision, strategy);
                    all.add(new Trial(one.name(), (bench, id, row) -> run(bench, id, row, one)));
                }
            }
        }
        return all;
    }

    private static Expected expected(Case one, LastRun last) {
        if (!one.newRevision()) {
            return switch (one.end()) {
                case CRASH -> new Expected("RESUME", last.checkpoint());
                case FAILED -> new Expected("HALT 163", "");
                case CANCELED, STOPPED, FINISHED -> new Expected("HALT 0", "");
            };
        }
        if (one.strategy().equals("none") || one.end() == End.FINISHED) {
            return new Expected("FRESH", "");
        }
        if (one.end() == End.STOPPED) {
            return new Expected("RESTORE", last.finalSavepoint());
        }
        return new Expected(
                "RESTORE",
                one.strategy().equals("latest-state") ? last.checkpoint() : last.savepoint());
    }

    private static void run(Workbench bench, String id, Row row, Case one) {
        ApplicationSpec first = Trial.spec(bench, id).withFlink("restart-strategy.type", "none");
        ApplicationSpec second = first.withAgent("FLINK_HA_RESTORE_STRATEGY", one.strategy());
        boolean inPlace = one.end() == End.CRASH && !one.newRevision();
        try (LocalApplication application = bench.start(id, inPlace ? second : first)) {
            LastRun last = LastRun.of(application, one.end());
            Console.event("--- the second start");
            if (one.newRevision()) {
                application.replaceJob(second);
            } else if (!inPlace) {
                application.replacePod(second);
            }
            StartOutcome start =
                    StartOutcome.await(application.pod(), inPlace ? last.processes() : 0);
            application.jobManager().restartDelay(Duration.ZERO);
            Expected expected = expected(one, last);
            row.figure("started", start.kind())
                    .figure("restoredFrom", start.restoredFrom())
                    .figure(
                            "expectedFrom",
                            new StartOutcome("", "", expected.state()).restoredFrom())
                    .claim("it is " + expected.kind(), start.kind().equals(expected.kind()))
                    .claim("restored from it", start.restored().equals(expected.state()))
                    .claim("a checkpoint was there", !needsCheckpoint(one) || hasCheckpoint(last));
            if (start.isHalt()) {
                halted(application, row, last, start);
            } else {
                finished(application, row, last, expected);
            }
            row.sentence(start.sentence());
        }
    }

    private static boolean needsCheckpoint(Case one) {
        return one.end() == End.CRASH || one.end() == End.FAILED || one.end() == End.CANCELED;
    }

    private static boolean hasCheckpoint(LastRun last) {
        return last.checkpoint().contains("/chk-");
    }

    /** What has ended for good does not run again: it writes nothing, and nothing is missing. */
    private static void halted(
            LocalApplication application, Row row, LastRun last, StartOutcome start) {
        int exitCode = application.awaitOver();
        CommittedOutput output = application.output(Trial.RECORDS);
        row.figure("mainRuns", application.mainRuns())
                // What the job did not get to is not lost.
                .figure("recordsLost", null)
                .figure("recordsDuplicated", output.duplicated())
                .claim("the process ends with it", start.kind().equals("HALT " + exitCode))
                .claim("main() did not run", application.mainRuns() == last.mainRuns())
                .claim("nothing more was written", output.committed() == last.committed())
                .claim("nothing was written twice", output.duplicated() == 0);
    }

    private static void finished(
            LocalApplication application, Row row, LastRun last, Expected expected) {
        CommittedOutput output = Trial.finish(application, row);
        boolean resumed = expected.kind().equals("RESUME");
        row.claim("main() ran as often as it had to", application.mainRuns() == (resumed ? 1 : 2))
                .claim("nothing is lost", output.lost() == 0);
        if (expected.state().isEmpty()) {
            row.claim(
                    "all that was committed comes again", output.duplicated() == last.committed());
        } else if (expected.state().equals(last.savepoint())) {
            row.claim("what came after the savepoint comes again", output.duplicated() > 0)
                    .claim("and no more", output.duplicated() < last.committed());
        } else {
            row.claim("every record is committed exactly once", output.exactlyOnce());
        }
    }
}
