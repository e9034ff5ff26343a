package io.flinkha.lab.experiment.state;

import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.experiment.Trial;
import io.flinkha.lab.experiment.state.LastRun.End;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.LocalPod;
import io.flinkha.lab.local.StartOutcome;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.CommittedOutput;
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

    private static void parallelism(Workbench bench, String id, Row row) {
        ApplicationSpec spec = Trial.spec(bench, id);
        try (LocalApplication application = bench.start(id, spec)) {
            LastRun last = LastRun.of(application, End.CRASH);
            StartOutcome start =
                    next(application, spec.withJob(spec.job().with("--parallelism", "1")), row);
            row.figure("tasksBefore", last.tasks())
                    .figure("tasksAfter", application.rest().job().tasks())
                    .claim("fewer tasks run", application.rest().job().tasks() < last.tasks());
            restored(row, start, last.checkpoint());
            Trial.finishExactlyOnce(application, row);
        }
    }

    private static ApplicationSpec withoutOperator(ApplicationSpec spec) {
        return spec.withJob(spec.job().with("--count-uid", "count-anew"));
    }

    private static void operatorRemoved(Workbench bench, String id, Row row) {
        ApplicationSpec spec = Trial.spec(bench, id);
        try (LocalApplication application = bench.start(id, spec)) {
            LastRun last = LastRun.of(application, End.CRASH);
            Console.event("--- a new revision without the operator");
            LocalPod wrong = application.replaceJob(withoutOperator(spec));
            StartOutcome refused = StartOutcome.awaitHalt(wrong, 0);
            row.figure("started", refused.kind())
                    .claim("the start fails", refused.kind().equals("HALT 1"))
                    .claim("and is no result", !application.manifest().hasNonNull("result"))
                    .claim(
                            "the sentence names the operator",
                            refused.sentence().contains("operator"))
                    .claim("no task ran", !hasRun(wrong))
                    .claim(
                            "the earlier state is named yet",
                            application.manifest().toString().contains(last.checkpoint()));
            Console.event("--- the old job again");
            restored(row, next(application, spec, row), last.checkpoint());
            Trial.finishExactlyOnce(application, row);
            row.sentence(refused.sentence());
        }
    }

    private static boolean hasRun(LocalPod pod) {
        return Directories.text(pod.jobManager().current().log())
                .contains("switched from INITIALIZING to RUNNING");
    }

    private static void operatorLeftBehind(Workbench bench, String id, Row row) {
        ApplicationSpec spec = Trial.spec(bench, id);
        try (LocalApplication application = bench.start(id, spec)) {
            LastRun last = LastRun.of(application, End.CRASH);
            ApplicationSpec allowed =
                    withoutOperator(spec)
                            .withAgent("FLINK_HA_RESTORE_ALLOW_NON_RESTORED_STATE", "true");
            restored(row, next(application, allowed, row), last.checkpoint());
            CommittedOutput output = Trial.finish(application, row);
            row.figure("wrongCounts", output.wrongCounts())
                    .claim("no record is lost", output.lost() == 0)
                    .claim("no record is written twice", output.duplicated() == 0)
                    .claim("the operator's state is gone", output.wrongCounts() > 0);
        }
    }

    /** Flink owns what it claims: the old run's files go as the new run stops to need them. */
    private static void claim(Workbench bench, String id, Row row) {
        ApplicationSpec spec = Trial.spec(bench, id);
        try (LocalApplication application = bench.start(id, spec)) {
            LastRun last = LastRun.of(application, End.CRASH);
            Path claimed = Path.of(URI.create(last.checkpoint()).getPath());
            StartOutcome start =
                    next(application, spec.withAgent("FLINK_HA_RESTORE_CLAIM_MODE", "claim"), row);
            restored(row, start, last.checkpoint());
            // RocksDB rewrites its files now and then: as long as it uses the claimed ones, they
            // stay.
            application.awaitCheckpoints(10, LIMIT);
            row.claim(
                    "the claimed checkpoint is gone",
                    Await.holdsWithin(LIMIT, () -> !Files.exists(claimed)));
            Console.event("--- a failover, whose process sweeps what is out of use by now");
            row.claim(
                    "restored from the newest",
                    Aftermath.ofKilledJobManager(application).fromLatest());
            LeftFiles.awaitSwept(application);
            application.rest().cancel();
            application.awaitOver();
            LeftFiles.of(application).addTo(row);
            StartOutcome third = next(application, spec, row);
            row.claim("it goes on from there", third.kind().equals("RESTORE"));
            Trial.finishExactlyOnce(application, row);
        }
    }

    private static void tooOld(Workbench bench, String id, Row row) {
        ApplicationSpec spec = Trial.spec(bench, id);
        try (LocalApplication application = bench.start(id, spec)) {
            LastRun last = LastRun.of(application, End.CRASH);
            Console.event("--- a new revision that wants newer state");
            StartOutcome refused =
                    StartOutcome.awaitHalt(
                            application.replaceJob(
                                    spec.withAgent("FLINK_HA_RESTORE_MAX_AGE", "1s")),
                            0);
            row.figure("started", refused.kind())
                    .claim("it is refused", refused.kind().equals("HALT 78"))
                    .claim("the sentence names it", refused.sentence().contains("max-age"));
            restored(row, next(application, spec, row), last.checkpoint());
            Trial.finishExactlyOnce(application, row);
            row.sentence(refused.sentence());
        }
    }

    private static void foreignSavepoint(Workbench bench, String id, Row row) {
        ApplicationSpec spec = Trial.spec(bench, id);
        Path otherOutput;
        LastRun other;
        try (LocalApplication application = bench.start(id, spec)) {
            other = LastRun.of(application, End.STOPPED);
            otherOutput = Trial.output(application);
        }
        String ownId = id + "-own";
        ApplicationSpec own =
                Trial.spec(bench, ownId).withAgent("FLINK_HA_RESTORE_PATH", other.finalSavepoint());
        try (LocalApplication application = bench.start(ownId, own)) {
            StartOutcome start = StartOutcome.await(application.pod(), 0);
            row.figure("started", start.kind()).figure("restoredFrom", start.restoredFrom());
            restored(row, start, other.finalSavepoint());
            application.finish();
        }
        // The sink's state says where it wrote, and there it goes on.
        CommittedOutput.read(otherOutput, Trial.RECORDS).claimExactlyOnce(row);
    }

    private static void namedOnce(Workbench bench, String id, Row row) {
        ApplicationSpec spec = Trial.spec(bench, id);
        try (LocalApplication application = bench.start(id, spec)) {
            LastRun last = LastRun.of(application, End.CRASH);
            ApplicationSpec named =
                    spec.withAgent("FLINK_HA_RESTORE_PATH", last.savepoint())
                            .withAgent("FLINK_HA_RESTORE_NONCE", "once");
            restored(row, next(application, named, row), last.savepoint());
            application.awaitCheckpoints(2, LIMIT);
            Console.event("--- the same pod again");
            int processes = application.jobManager().starts();
            application.jobManager().kill();
            StartOutcome again = StartOutcome.await(application.pod(), processes);
            row.figure("afterKill", again.kind() + " " + again.restoredFrom())
                    .claim("a restart resumes", again.kind().equals("RESUME"))
                    .claim("from the new run's checkpoint", again.restored().contains("/chk-"));
            application.awaitCheckpoints(2, LIMIT);
            StartOutcome anew = next(application, named, row);
            row.claim(
                    "and a new revision goes on from the newest state",
                    anew.kind().equals("RESTORE") && anew.restored().contains("/chk-"));
            CommittedOutput output = Trial.finish(application, row);
            row.claim("nothing is lost", output.lost() == 0)
                    .claim("what came after the savepoint comes again", output.duplicated() > 0);
        }
    }

    /** The job of a new revision runs. */
    private static StartOutcome next(LocalApplication application, ApplicationSpec spec, Row row) {
        Console.event("--- a new revision");
        StartOutcome start = StartOutcome.await(application.replaceJob(spec), 0);
        row.figure("started", start.kind()).figure("restoredFrom", start.restoredFrom());
        return start;
    }

    private static void restored(Row row, StartOutcome start, String expected) {
        row.claim(
                "restored from " + StartOutcome.name(expected), start.restored().equals(expected));
    }
}
