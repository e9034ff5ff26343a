package io.flinkha.lab.command;

import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.api.CommitHold;
import io.flinkha.lab.cluster.Bench;
import io.flinkha.lab.cluster.Cluster;
import io.flinkha.lab.cluster.ClusterSpec;
import io.flinkha.lab.cluster.Job;
import io.flinkha.lab.cluster.Kind;
import io.flinkha.lab.cluster.ObjectStorage;
import io.flinkha.lab.measure.Failover;
import io.flinkha.lab.measure.FileCensus;
import io.flinkha.lab.measure.JobManagerRest.CheckpointView;
import io.flinkha.lab.measure.Pulses;
import io.flinkha.lab.process.Ports;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job that survives four deaths: the demo of the README. */
public final class Demo implements Command {
    private static final Duration WINDOW = Duration.ofSeconds(30);

    private final @Nullable Job own;
    private final boolean onS3;

    /**
     * What is shown, and where its state lies.
     *
     * @param own a person's own job; the demo's if there is none
     * @param onS3 whether plans, checkpoints and all else lie in an object store
     */
    public Demo(@Nullable Job own, boolean onS3) {
        this.own = own;
        this.onS3 = onS3;
    }

    @Override
    public String name() {
        return onS3 ? "demo-s3" : "demo";
    }

    @Override
    public void run(Bench bench, Report report) {
        ClusterSpec spec =
                own == null
                        ? Stage.counting(bench, Kind.AGENT, "demo")
                        : ClusterSpec.of(Kind.AGENT, "demo", own);
        @Nullable ObjectStorage storage = onS3 ? bench.objectStorage() : null;
        if (storage != null) {
            spec = storage.holds(spec);
        }
        try (Cluster cluster = bench.start("demo", spec)) {
            Stage.awaitSteady(cluster);
            Console.event("counting API requests for %d s".formatted(WINDOW.toSeconds()));
            ApiWindow window = ApiWindow.over(cluster, WINDOW);
            killJobManager(cluster, report);
            killAgent(cluster, report);
            killAtCommit(cluster, report, CommitHold.Point.BEFORE);
            killAtCommit(cluster, report, CommitHold.Point.AFTER);
            if (storage != null) {
                addObjects(cluster, report, storage);
            }
            addJob(cluster, report, window);
        }
    }

    private static void killJobManager(Cluster cluster, Report report) {
        Console.event("=== the JobManager dies");
        Failover failover = Failover.byKilling(cluster);
        addFailover(report.row("jobmanager-killed"), failover);
    }

    private static void addFailover(Row row, Failover failover) {
        failover.addTo(row)
                .claim(
                        "main() did not run again",
                        failover.mainRunsAfter() == failover.mainRunsBefore());
    }

    private static void killAgent(Cluster cluster, Report report) {
        Console.event("=== the agent dies");
        Stage.awaitCheckpoints(cluster.pod(), 2, Duration.ofMinutes(1));
        long epoch = Stage.epoch(cluster);
        long jobManager = cluster.jobManager().current().pid();
        CheckpointView before = cluster.pod().rest().checkpoints();
        long killedAt = cluster.pod().agent().kill();
        Await.until(
                "the agent's return",
                Duration.ofMinutes(1),
                () -> Ports.answers(cluster.pod().controlPort()));
        Stage.awaitCheckpoints(cluster.pod(), 3, Duration.ofMinutes(1));
        CheckpointView after = cluster.pod().rest().checkpoints();
        boolean running = cluster.pod().rest().job().allRunning();
        boolean sameJobManager = cluster.jobManager().current().pid() == jobManager;
        int taskFailures = Stage.taskFailures(cluster, killedAt);
        @Nullable Long gap =
                cluster.spec().job().counted()
                        ? Pulses.read(cluster.lab().data().resolve("pulse"))
                                .longestGapMillis(killedAt, System.currentTimeMillis())
                        : null;
        report.row("agent-killed")
                // No task left RUNNING: that is what the claims below say.
                .figure("toRunningMillis", 0)
                .figure("processingGapMillis", gap)
                .figure("restoredCheckpoint", null)
                .figure("newestCheckpointBefore", before.latest())
                .figure("newestCheckpointAfter", after.latest())
                .figure("failedCheckpoints", after.failed() - before.failed())
                .figure("taskFailures", taskFailures)
                .figure("epochBefore", epoch)
                .figure("epochAfter", Stage.epoch(cluster))
                .claim("the JobManager lived on", sameJobManager && running)
                .claim("no task failed", taskFailures == 0)
                .claim("no checkpoint failed", after.failed() == before.failed())
                .claim("the same epoch", Stage.epoch(cluster) == epoch);
    }

    private static void killAtCommit(Cluster cluster, Report report, CommitHold.Point point) {
        boolean before = point == CommitHold.Point.BEFORE;
        Console.event(
                before
                        ? "=== the JobManager dies between _metadata and its commit"
                        : "=== the JobManager dies between the commit and its reply");
        Stage.awaitCheckpoints(cluster.pod(), 2, Duration.ofMinutes(1));
        Failover.Before past = Failover.Before.of(cluster);
        CommitHold hold = cluster.proxy().holdNextCommit(point);
        long held = hold.await(Duration.ofSeconds(30));
        Console.event("checkpoint %d is held".formatted(held));
        past = past.at(cluster.jobManager().kill());
        hold.release();
        Failover failover = Failover.watch(cluster, past);
        Row row = report.row(before ? "killed-before-commit" : "killed-before-reply");
        addFailover(row, failover);
        row.figure("heldCheckpoint", held)
                .claim(
                        "a commit that the API server has seen is not forgotten",
                        before || failover.restoredCheckpoint().orElse(0) >= held);
    }

    /** What the running job keeps in the object store, by kind, and on the disk. */
    private static void addObjects(Cluster cluster, Report report, ObjectStorage storage) {
        Row row = report.row("storage");
        Path place = storage.bucket().resolve("default/demo");
        for (String kind : List.of("plans", "manifests", "checkpoints")) {
            int objects = FileCensus.below(place.resolve(kind)).size();
            row.figure(kind + "Objects", objects).claim(kind + " lie in S3", objects > 0);
        }
        int files =
                FileCensus.below(cluster.lab().storage()).size()
                        + FileCensus.below(cluster.lab().checkpoints()).size()
                        + FileCensus.below(cluster.lab().highAvailability()).size();
        row.figure("filesOnDisk", files).claim("nothing lies on the disk", files == 0);
    }

    private void addJob(Cluster cluster, Report report, ApiWindow window) {
        Row row = report.row("job");
        int taskManagerRestarts = cluster.taskManager().starts() - 1;
        if (own == null) {
            int exitCode = Stage.finish(cluster, cluster.pod());
            row.figure("exitCode", exitCode).claim("the job finished", exitCode == 0);
            Stage.verifyOutput(row, cluster);
        }
        row.figure("mainRuns", cluster.mainRuns())
                .figure("taskManagerRestarts", taskManagerRestarts)
                .figure("apiRequestsPerMinute", window.idlePerMinute())
                .figure("apiWritesPerCheckpoint", window.writesPerCheckpoint())
                .claim("main() ran once", cluster.mainRuns() == 1)
                .claim("no TaskManager restarted", taskManagerRestarts == 0);
    }
}
