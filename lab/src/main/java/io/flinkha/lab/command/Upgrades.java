package io.flinkha.lab.command;

import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Pod;
import io.flinkha.lab.command.LastRun.End;
import io.flinkha.lab.measure.CommittedOutput;
import io.flinkha.lab.measure.Failover;
import io.flinkha.lab.report.Row;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A new revision with something changed: the job, or what is to become of the old state. */
final class Upgrades {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private Upgrades() {}

    static List<Trial> trials() {
        return List.of(
                new Trial("upgrade: parallelism 2 to 1", Upgrades::parallelism),
                new Trial("upgrade: operator removed", Upgrades::operatorRemoved),
                new Trial("upgrade: operator removed, allowed", Upgrades::operatorLeftBehind),
                new Trial("upgrade: claim", Upgrades::claim),
                new Trial("upgrade: state older than max-age", Upgrades::tooOld),
                new Trial("upgrade: savepoint of another job", Upgrades::foreignSavepoint),
                new Trial("upgrade: named path wins once", Upgrades::namedOnce));
    }

    private static void parallelism(Bench bench, String id, Row row) {
        ClusterSpec spec = Trial.spec(bench, id);
        try (Cluster cluster = bench.start(id, spec)) {
            LastRun last = LastRun.of(cluster, End.CRASH);
            Start start = next(cluster, spec.withJob(spec.job().with("--parallelism", "1")), row);
            row.figure("tasksBefore", last.tasks())
                    .figure("tasksAfter", cluster.pod().rest().job().tasks())
                    .claim("fewer tasks run", cluster.pod().rest().job().tasks() < last.tasks());
            restored(row, start, last.checkpoint());
            exactlyOnce(cluster, row);
        }
    }

    private static ClusterSpec withoutOperator(ClusterSpec spec) {
        return spec.withJob(spec.job().with("--count-uid", "count-anew"));
    }

    private static void operatorRemoved(Bench bench, String id, Row row) {
        ClusterSpec spec = Trial.spec(bench, id);
        try (Cluster cluster = bench.start(id, spec)) {
            LastRun last = LastRun.of(cluster, End.CRASH);
            Console.event("--- a new revision without the operator");
            Pod wrong = cluster.replaceJob(withoutOperator(spec));
            Start refused = Start.awaitHalt(wrong, 0);
            row.figure("started", refused.kind())
                    .claim("the start fails", refused.kind().equals("HALT 1"))
                    .claim("and is no result", !Stage.manifest(cluster).hasNonNull("result"))
                    .claim(
                            "the sentence names the operator",
                            refused.sentence().contains("operator"))
                    .claim("no task ran", !hasRun(wrong))
                    .claim(
                            "the earlier state is named yet",
                            Stage.manifest(cluster).toString().contains(last.checkpoint()));
            Console.event("--- the old job again");
            restored(row, next(cluster, spec, row), last.checkpoint());
            exactlyOnce(cluster, row);
            row.sentence(refused.sentence());
        }
    }

    private static boolean hasRun(Pod pod) {
        return Start.text(pod.jobManager().current().log())
                .contains("switched from INITIALIZING to RUNNING");
    }

    private static void operatorLeftBehind(Bench bench, String id, Row row) {
        ClusterSpec spec = Trial.spec(bench, id);
        try (Cluster cluster = bench.start(id, spec)) {
            LastRun last = LastRun.of(cluster, End.CRASH);
            ClusterSpec allowed =
                    withoutOperator(spec)
                            .withAgent("FLINK_HA_RESTORE_ALLOW_NON_RESTORED_STATE", "true");
            restored(row, next(cluster, allowed, row), last.checkpoint());
            CommittedOutput output = Trial.finish(cluster, row);
            row.figure("wrongCounts", output.wrongCounts())
                    .claim("no record is lost", output.lost() == 0)
                    .claim("no record is written twice", output.duplicated() == 0)
                    .claim("the operator's state is gone", output.wrongCounts() > 0);
        }
    }

    /** Flink owns what it claims: the old run's files go as the new run stops to need them. */
    private static void claim(Bench bench, String id, Row row) {
        ClusterSpec spec = Trial.spec(bench, id);
        try (Cluster cluster = bench.start(id, spec)) {
            LastRun last = LastRun.of(cluster, End.CRASH);
            Path claimed = Path.of(URI.create(last.checkpoint()).getPath());
            Start start =
                    next(cluster, spec.withAgent("FLINK_HA_RESTORE_CLAIM_MODE", "claim"), row);
            restored(row, start, last.checkpoint());
            // RocksDB rewrites its files now and then: as long as it uses the claimed ones, they
            // stay.
            Stage.awaitCheckpoints(cluster.pod(), 10, LIMIT);
            row.claim(
                    "the claimed checkpoint is gone",
                    Await.holdsWithin(LIMIT, () -> !Files.exists(claimed)));
            Console.event("--- a failover, whose process collects what is out of use by now");
            row.claim("restored from the newest", Failover.byKilling(cluster).fromLatest());
            LeftFiles.awaitCollected(cluster);
            cluster.pod().rest().cancel();
            Stage.awaitOver(cluster.pod());
            LeftFiles.of(cluster).addTo(row);
            Start third = next(cluster, spec, row);
            row.claim("it goes on from there", third.kind().equals("RESTORE"));
            exactlyOnce(cluster, row);
        }
    }

    private static void tooOld(Bench bench, String id, Row row) {
        ClusterSpec spec = Trial.spec(bench, id);
        try (Cluster cluster = bench.start(id, spec)) {
            LastRun last = LastRun.of(cluster, End.CRASH);
            Console.event("--- a new revision that wants newer state");
            Start refused =
                    Start.awaitHalt(
                            cluster.replaceJob(spec.withAgent("FLINK_HA_RESTORE_MAX_AGE", "1s")),
                            0);
            row.figure("started", refused.kind())
                    .claim("it is refused", refused.kind().equals("HALT 78"))
                    .claim("the sentence names it", refused.sentence().contains("max-age"));
            restored(row, next(cluster, spec, row), last.checkpoint());
            exactlyOnce(cluster, row);
            row.sentence(refused.sentence());
        }
    }

    private static void foreignSavepoint(Bench bench, String id, Row row) {
        ClusterSpec spec = Trial.spec(bench, id);
        Path otherOutput;
        LastRun other;
        try (Cluster cluster = bench.start(id, spec)) {
            other = LastRun.of(cluster, End.STOPPED);
            otherOutput = Trial.output(cluster);
        }
        String ownId = id + "-own";
        ClusterSpec own =
                Trial.spec(bench, ownId).withAgent("FLINK_HA_RESTORE_PATH", other.finalSavepoint());
        try (Cluster cluster = bench.start(ownId, own)) {
            Start start = Start.await(cluster.pod(), 0);
            row.figure("started", start.kind()).figure("restoredFrom", start.restoredFrom());
            restored(row, start, other.finalSavepoint());
            Stage.finish(cluster, cluster.pod());
        }
        // The sink's state says where it wrote, and there it goes on.
        CommittedOutput output = CommittedOutput.read(otherOutput, Trial.RECORDS);
        row.figure("recordsLost", output.lost())
                .figure("recordsDuplicated", output.duplicated())
                .claim("every record is committed exactly once", output.exactlyOnce());
    }

    private static void namedOnce(Bench bench, String id, Row row) {
        ClusterSpec spec = Trial.spec(bench, id);
        try (Cluster cluster = bench.start(id, spec)) {
            LastRun last = LastRun.of(cluster, End.CRASH);
            ClusterSpec named =
                    spec.withAgent("FLINK_HA_RESTORE_PATH", last.savepoint())
                            .withAgent("FLINK_HA_RESTORE_NONCE", "once");
            restored(row, next(cluster, named, row), last.savepoint());
            Stage.awaitCheckpoints(cluster.pod(), 2, LIMIT);
            Console.event("--- the same pod again");
            int processes = cluster.jobManager().starts();
            cluster.jobManager().kill();
            Start again = Start.await(cluster.pod(), processes);
            row.figure("afterKill", again.kind() + " " + again.restoredFrom())
                    .claim("a restart resumes", again.kind().equals("RESUME"))
                    .claim("from the new run's checkpoint", again.restored().contains("/chk-"));
            Stage.awaitCheckpoints(cluster.pod(), 2, LIMIT);
            Start anew = next(cluster, named, row);
            row.claim(
                    "and a new revision goes on from the newest state",
                    anew.kind().equals("RESTORE") && anew.restored().contains("/chk-"));
            CommittedOutput output = Trial.finish(cluster, row);
            row.claim("nothing is lost", output.lost() == 0)
                    .claim("what came after the savepoint comes again", output.duplicated() > 0);
        }
    }

    /** The job of a new revision runs. */
    private static Start next(Cluster cluster, ClusterSpec spec, Row row) {
        Console.event("--- a new revision");
        Start start = Start.await(cluster.replaceJob(spec), 0);
        row.figure("started", start.kind()).figure("restoredFrom", start.restoredFrom());
        return start;
    }

    private static void restored(Row row, Start start, String expected) {
        row.claim("restored from " + Start.name(expected), start.restored().equals(expected));
    }

    private static void exactlyOnce(Cluster cluster, Row row) {
        row.claim(
                "every record is committed exactly once", Trial.finish(cluster, row).exactlyOnce());
    }
}
