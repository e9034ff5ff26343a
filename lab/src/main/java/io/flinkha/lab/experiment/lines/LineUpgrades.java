package io.flinkha.lab.experiment.lines;

import io.flinkha.lab.experiment.Trial;
import io.flinkha.lab.experiment.state.LastRun;
import io.flinkha.lab.experiment.state.LastRun.End;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.report.Row;
import java.util.List;

/** One and the same job, from one line of Flink to another: JobManager, TaskManager and all. */
final class LineUpgrades {
    private LineUpgrades() {}

    static List<Trial> trials() {
        return List.of(
                upgrade("1.20", "2.3", End.STOPPED),
                upgrade("1.20", "2.3", End.CRASH),
                upgrade("2.0", "2.3", End.STOPPED),
                upgrade("2.1", "2.3", End.STOPPED),
                upgrade("2.2", "2.3", End.STOPPED),
                upgrade("2.2", "2.3", End.CRASH),
                upgrade("2.2", "2.3", End.FAILED),
                upgrade("2.3", "2.2", End.STOPPED),
                new Trial("2.2 to 2.3: the same Job, another image", LineUpgrades::otherImage));
    }

    /** A moved tag: the Job is the same, and its plan is of another Flink nevertheless. */
    private static void otherImage(Workbench bench, String id, Row row) {
        try (LocalApplication application = bench.start(id, FlinkLines.spec(bench, id, "2.2"))) {
            LastRun last = LastRun.of(application, End.CRASH);
            FlinkLines.restores(
                    application,
                    application::replaceFlink,
                    FlinkLines.spec(bench, id, "2.3"),
                    last.checkpoint(),
                    row);
        }
    }

    private static Trial upgrade(String from, String to, End end) {
        return new Trial(
                from + " to " + to + ": " + end.title(),
                (bench, id, row) -> upgrade(bench, id, row, from, to, end));
    }

    private static void upgrade(
            Workbench bench, String id, Row row, String from, String to, End end) {
        ApplicationSpec before = FlinkLines.spec(bench, id, from);
        try (LocalApplication application = bench.start(id, before)) {
            LastRun last = LastRun.of(application, end);
            FlinkLines.restores(
                    application,
                    application::replaceFlinkAndJob,
                    FlinkLines.spec(bench, id, to),
                    end == End.STOPPED ? last.finalSavepoint() : last.checkpoint(),
                    row);
        }
    }
}
