package io.flinkha.lab.experiment.failover;

import io.flinkha.lab.api.CommitHold;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.application.Application;
import io.flinkha.lab.application.BeforeFault;
import io.flinkha.lab.application.Failover;
import io.flinkha.lab.application.Side;
import io.flinkha.lab.application.Undisturbed;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.experiment.LocalExperiment;
import io.flinkha.lab.experiment.operations.ApiWindow;
import io.flinkha.lab.local.ApplicationSpec;
import io.flinkha.lab.local.FlinkJob;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.local.ObjectStorage;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.FileCensus;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job that survives four deaths: the demo of the README. */
public final class Demo implements LocalExperiment {
    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final @Nullable FlinkJob own;
    private final boolean onS3;

    /**
     * What is shown, and where its state lies.
     *
     * @param own a person's own job; the demo's if there is none
     * @param onS3 whether plans, checkpoints and all else lie in an object store
     */
    public Demo(@Nullable FlinkJob own, boolean onS3) {
        this.own = own;
        this.onS3 = onS3;
    }

    @Override
    public String name() {
        return onS3 ? "demo-s3" : "demo";
    }

    @Override
    public void run(Workbench bench, Report report) {
        ApplicationSpec spec =
                own == null
                        ? bench.counting(Side.AGENT, "demo")
                        : ApplicationSpec.of(Side.AGENT, "demo", own);
        @Nullable ObjectStorage storage = onS3 ? bench.objectStorage() : null;
        if (storage != null) {
            spec = storage.holds(spec);
        }
        try (LocalApplication application = bench.start("demo", spec)) {
            application.awaitSteady();
            Console.event("counting API requests for %d s".formatted(WINDOW.toSeconds()));
            ApiWindow window = ApiWindow.over(application, WINDOW);
            killJobManager(application, report);
            killAgent(application, report);
            killAtCommit(application, report, CommitHold.Point.BEFORE);
            killAtCommit(application, report, CommitHold.Point.AFTER);
            if (storage != null) {
                addObjects(application, report, storage);
            }
            addJob(application, report, window);
        }
    }

    private static void killJobManager(LocalApplication application, Report report) {
        Console.event("=== the JobManager dies");
        Failover failover = Aftermath.ofKilledJobManager(application);
        addFailover(report.row("jobmanager-killed"), failover);
    }

    private static void addFailover(Row row, Failover failover) {
        Aftermath.claimNoMainRun(failover.addWithPhasesTo(row), failover.mainRunsAdded());
    }

    private static void killAgent(LocalApplication application, Report report) {
        Console.event("=== the agent dies");
        application.awaitCheckpoints(2, MINUTE);
        BeforeFault before = BeforeFault.of(application);
        Aftermath aftermath = Aftermath.of(application, before, application.killAgent());
        var unused = aftermath.awaitAgent(MINUTE);
        Undisturbed after = aftermath.awaitUndisturbed(3, MINUTE);
        boolean counted = application.spec().job().counted();
        Row row =
                report.row("agent-killed")
                        // No task left RUNNING: that is what the claims below say.
                        .figure("toRunningMillis", 0)
                        .figure("processingGapMillis", counted ? after.processingGapMillis() : null)
                        .figure("restoredCheckpoint", null)
                        .figure("newestCheckpointBefore", before.checkpoints().latest())
                        .figure("newestCheckpointAfter", application.rest().checkpoints().latest())
                        .figure("failedCheckpoints", after.failedCheckpoints())
                        .figure("taskFailures", after.taskFailures())
                        .figure("epochBefore", after.epochBefore())
                        .figure("epochAfter", after.epochAfter());
        after.claim(row);
    }

    private static void killAtCommit(
            LocalApplication application, Report report, CommitHold.Point point) {
        boolean before = point == CommitHold.Point.BEFORE;
        Console.event(
                before
                        ? "=== the JobManager dies between _metadata and its commit"
                        : "=== the JobManager dies between the commit and its reply");
        application.awaitCheckpoints(2, MINUTE);
        BeforeFault past = BeforeFault.of(application);
        CommitHold hold = application.proxy().holdNextCommit(point);
        long held = hold.await(Duration.ofSeconds(30));
        Console.event("checkpoint %d is held".formatted(held));
        Aftermath aftermath = Aftermath.of(application, past, application.killJobManager());
        hold.release();
        Failover failover = aftermath.awaitFailover();
        Row row = report.row(before ? "killed-before-commit" : "killed-before-reply");
        addFailover(row, failover);
        row.figure("heldCheckpoint", held)
                .claim(
                        "a commit that the API server has seen is not forgotten",
                        before || failover.restoredCheckpoint().orElse(0) >= held);
    }

    /** What the running job keeps in the object store, by kind, and on the disk. */
    private static void addObjects(
            LocalApplication application, Report report, ObjectStorage storage) {
        Row row = report.row("storage");
        Path place = storage.bucket().resolve("default/demo");
        for (String kind : List.of("plans", "manifests", "checkpoints")) {
            int objects = FileCensus.below(place.resolve(kind)).size();
            row.figure(kind + "Objects", objects).claim(kind + " lie in S3", objects > 0);
        }
        int files =
                FileCensus.below(application.directory().storage()).size()
                        + FileCensus.below(application.directory().checkpoints()).size()
                        + FileCensus.below(application.directory().highAvailability()).size();
        row.figure("filesOnDisk", files).claim("nothing lies on the disk", files == 0);
    }

    private void addJob(LocalApplication application, Report report, ApiWindow window) {
        Row row = report.row("job");
        int taskManagerRestarts = application.taskManager().starts() - 1;
        if (own == null) {
            int exitCode = application.finish();
            row.figure("exitCode", exitCode).claim("the job finished", exitCode == 0);
            application.output(Application.RECORDS).verify(row);
        }
        row.figure("mainRuns", application.mainRuns())
                .figure("taskManagerRestarts", taskManagerRestarts)
                .figure("apiRequestsPerMinute", window.idlePerMinute())
                .figure("apiWritesPerCheckpoint", window.writesPerCheckpoint())
                .claim("main() ran once", application.mainRuns() == 1)
                .claim("no TaskManager restarted", taskManagerRestarts == 0);
    }
}
