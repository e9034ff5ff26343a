package io.flinkha.lab.command;

import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.command.LastRun.End;
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
    private static void otherImage(Bench bench, String id, Row row) {
        try (Cluster cluster = bench.start(id, FlinkLines.spec(bench, id, "2.2"))) {
            LastRun last = LastRun.of(cluster, End.CRASH);
            FlinkLines.restores(
                    cluster,
                    cluster::replaceFlink,
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

    private static void upgrade(Bench bench, String id, Row row, String from, String to, End end) {
        ClusterSpec before = FlinkLines.spec(bench, id, from);
        try (Cluster cluster = bench.start(id, before)) {
            LastRun last = LastRun.of(cluster, end);
            FlinkLines.restores(
                    cluster,
                    cluster::replaceFlinkAndJob,
                    FlinkLines.spec(bench, id, to),
                    end == End.STOPPED ? last.finalSavepoint() : last.checkpoint(),
                    row);
        }
    }
}
