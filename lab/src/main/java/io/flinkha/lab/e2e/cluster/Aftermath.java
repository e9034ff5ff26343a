package io.flinkha.lab.e2e.cluster;

import io.flinkha.lab.Await;
import io.flinkha.lab.Console;
import io.flinkha.lab.measure.FlinkLog;
import io.flinkha.lab.measure.JobManagerRest.CheckpointView;
import io.flinkha.lab.measure.Phase;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** What followed a fault: seen from outside, and from what Flink logged. */
public final class Aftermath {
    private static final Pattern TASK_FAILED =
            Pattern.compile("switched from (RUNNING|INITIALIZING) to FAILED");

    private final Application application;
    private final Moment before;
    private final long from;
    private long processStartedMillis;
    private int mainRunsExpected;

    private Aftermath(Application application, Moment before, long from) {
        this.application = application;
        this.before = before;
        this.from = from;
    }

    public static Aftermath of(Application application, Moment before, long from) {
        return new Aftermath(application, before, from);
    }

    /** The new JobManager is another Job's, or goes on after a failure for good. */
    public Aftermath withMainOnceMore() {
        mainRunsExpected = 1;
        return this;
    }

    /** Waits until another JobManager process runs all tasks and has made a checkpoint. */
    public Aftermath awaitFailover(Row row, Duration limit) {
        Await.until(
                "another JobManager, all tasks RUNNING",
                limit,
                () -> {
                    String running = application.pods().runningId("jobmanager");
                    return !running.isEmpty()
                            && !running.equals(before.jobManager())
                            && application.rest().job().allRunning();
                });
        long seenAt = System.currentTimeMillis();
        application.awaitCheckpoints(1, Duration.ofMinutes(1));
        FlinkLog log = application.pods().jobManagerLog();
        processStartedMillis = log.begin().orElse(seenAt) - from;
        long runningAt = log.lastAfter(from, Phase.RUNNING.pattern()).orElse(seenAt);
        CheckpointView after = application.rest().checkpoints();
        OptionalLong restored = after.restoredId();
        int mainRunsAdded = application.mainRuns() - before.mainRuns();
        long gap = application.pulses().longestGapMillis(from, runningAt + 1000);
        Console.event(
                "all tasks RUNNING %.1f s after the fault, processing stood still for %d ms"
                        .formatted((runningAt - from) / 1000.0, gap));
        row.figure("toRunningMillis", runningAt - from)
                .figure("processStartedMillis", processStartedMillis)
                .figure("processingGapMillis", gap)
                .figure("restoredCheckpoint", restored.isPresent() ? restored.getAsLong() : null)
                .figure("newestCheckpointBefore", before.checkpoints().latest())
                .figure("mainRunsAdded", mainRunsAdded)
                .figure("taskFailures", log.times(from, TASK_FAILED).size());
        addPlace(row);
        row.claim(
                "restored from the newest checkpoint",
                restored.orElse(0) >= before.checkpoints().latest());
        if (application.side() == Side.OURS) {
            row.claim(
                            mainRunsExpected == 0
                                    ? "main() did not run again"
                                    : "main() ran once more",
                            mainRunsAdded == mainRunsExpected)
                    .claim("a higher epoch", application.epoch() > before.epoch());
        }
        return this;
    }

    /** From the fault to the first line that the new JobManager logged. */
    public long processStartedMillis() {
        return processStartedMillis;
    }

    /** The fault was none for the job: same process, same epoch, checkpoints go on. */
    public Aftermath awaitUndisturbed(Row row) {
        application.awaitCheckpoints(3, Duration.ofMinutes(2));
        long now = System.currentTimeMillis();
        CheckpointView after = application.rest().checkpoints();
        int taskFailures = application.pods().jobManagerLog().times(from, TASK_FAILED).size();
        long gap = application.pulses().longestGapMillis(from, now);
        Console.event("undisturbed, longest silence " + gap + " ms");
        row.figure("processingGapMillis", gap)
                .figure("failedCheckpoints", after.failed() - before.checkpoints().failed())
                .figure("taskFailures", taskFailures)
                .figure("mainRunsAdded", application.mainRuns() - before.mainRuns());
        addPlace(row);
        row.claim(
                        "the JobManager lived on",
                        application.pods().runningId("jobmanager").equals(before.jobManager()))
                .claim("no task failed", taskFailures == 0)
                .claim("no checkpoint failed", after.failed() == before.checkpoints().failed())
                .claim("the same epoch", application.epoch() == before.epoch());
        return this;
    }

    private void addPlace(Row row) {
        row.figure("jobManagerRestartsInPod", application.pods().restarts("jobmanager"))
                .figure("podsUsed", application.podsSeen().size());
        if (application.side() == Side.OURS) {
            row.figure("epochBefore", before.epoch())
                    .figure("epochAfter", application.epoch())
                    .figure("podsFailedInJob", application.failedPods());
        }
    }

    /** In place: same pod, beside the same agent. */
    public Aftermath claimInPlace(Row row) {
        row.claim(
                        "restarted in the same pod",
                        application.pods().jobManagerName().equals(before.pod()))
                .claim(
                        "the Job counts no failure",
                        application.failedPods() == before.failedPods());
        return this;
    }
}
