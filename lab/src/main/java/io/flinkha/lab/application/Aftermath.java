package io.flinkha.lab.application;

import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.measure.FlinkLog;
import io.flinkha.lab.measure.JobManagerRest.CheckpointView;
import io.flinkha.lab.measure.StartPhase;
import io.flinkha.lab.report.Row;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** What followed a fault: seen from outside, and from what Flink logged. */
public final class Aftermath {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Application application;
    private final BeforeFault before;
    private final long from;
    private int mainRunsExpected;

    private Aftermath(Application application, BeforeFault before, long from) {
        this.application = application;
        this.before = before;
        this.from = from;
    }

    /**
     * Of a fault that has happened.
     *
     * @param from when it was, in milliseconds since the epoch
     */
    public static Aftermath of(Application application, BeforeFault before, long from) {
        return new Aftermath(application, before, from);
    }

    /** The new JobManager is another Job's, or goes on after a failure for good. */
    public Aftermath withMainOnceMore() {
        mainRunsExpected = 1;
        return this;
    }

    /** Kills the JobManager and watches until the job has made a checkpoint again. */
    public static Failover ofKilledJobManager(Application application) {
        BeforeFault before = BeforeFault.of(application);
        return of(application, before, application.killJobManager()).awaitFailover(LIMIT);
    }

    public Failover awaitFailover() {
        return awaitFailover(LIMIT);
    }

    /** Waits until another JobManager process runs all tasks and has made a checkpoint. */
    public Failover awaitFailover(Duration limit) {
        Set<StartPhase> told = EnumSet.noneOf(StartPhase.class);
        Await.until(
                "another JobManager, all tasks RUNNING",
                limit,
                () -> {
                    String running = application.jobManagerProcess();
                    if (running.isEmpty() || running.equals(before.jobManager())) {
                        return false;
                    }
                    application.liveLog().ifPresent(log -> tell(log, told));
                    return application.rest().job().allRunning();
                });
        long seenAt = System.currentTimeMillis();
        application.awaitCheckpoints(1, MINUTE);
        FlinkLog log = application.jobManagerLog();
        Map<StartPhase, Long> phases = new EnumMap<>(StartPhase.class);
        for (StartPhase phase : StartPhase.values()) {
            OptionalLong at =
                    phase == StartPhase.RUNNING
                            ? log.lastAfter(from, phase.pattern())
                            : log.firstAfter(from, phase.pattern());
            at.ifPresent(time -> phases.put(phase, time - from));
        }
        long toRunning = phases.getOrDefault(StartPhase.RUNNING, seenAt - from);
        Failover failover =
                new Failover(
                        toRunning,
                        application.jobManagerStartedAt(log) - from,
                        phases,
                        application.processingGapMillis(from, from + toRunning + 1000),
                        application.rest().checkpoints().restoredId(),
                        before.checkpoints().latest(),
                        application.mainRuns() - before.mainRuns());
        Console.event(
                "all tasks RUNNING %.2f s after the fault, processing stood still for %d ms"
                        .formatted(toRunning / 1000.0, failover.processingGapMillis()));
        return failover;
    }

    private void tell(FlinkLog log, Set<StartPhase> told) {
        for (StartPhase phase : StartPhase.values()) {
            if (phase != StartPhase.RUNNING && !told.contains(phase)) {
                log.firstAfter(from, phase.pattern())
                        .ifPresent(time -> {
                            told.add(phase);
                            Console.event(
                                    "  + %.2f s %s"
                                            .formatted((time - from) / 1000.0, phase.title()));
                        });
            }
        }
    }

    /** Waits for the agent's next process. Answers when it was there. */
    public long awaitAgent(Duration limit) {
        Await.until(
                "the agent's return",
                limit,
                () -> {
                    String now = application.agentProcess();
                    return !now.isEmpty()
                            && !now.equals(before.agent())
                            && application.agentAnswers();
                });
        return System.currentTimeMillis();
    }

    /** Waits until some checkpoints were made, and looks what else happened. */
    public Undisturbed awaitUndisturbed(int checkpoints, Duration limit) {
        application.awaitCheckpoints(checkpoints, limit);
        return undisturbed();
    }

    public Undisturbed undisturbed() {
        CheckpointView after = application.rest().checkpoints();
        boolean same = application.jobManagerProcess().equals(before.jobManager());
        return new Undisturbed(
                same,
                application.rest().job().allRunning(),
                // A JobManager that restarted counts from nought again.
                same ? after.failed() - before.checkpoints().failed() : after.failed(),
                application.taskFailures(from),
                application.processingGapMillis(from, System.currentTimeMillis()),
                before.epoch(),
                application.epoch());
    }

    /** With its figures and claims. */
    public Failover awaitFailover(Row row, Duration limit) {
        Failover failover = awaitFailover(limit);
        failover.addTo(row).figure("taskFailures", application.taskFailures(from));
        addPlace(row);
        if (application.side() == Side.AGENT) {
            if (mainRunsExpected == 0) {
                claimNoMainRun(row, failover.mainRunsAdded());
            } else {
                row.claim("main() ran once more", failover.mainRunsAdded() == mainRunsExpected);
            }
            row.claim("a higher epoch", application.epoch() > before.epoch());
        }
        return failover;
    }

    /**
     * The fault had nobody's main() run again.
     *
     * @param added so often it ran since the fault
     */
    public static Row claimNoMainRun(Row row, int added) {
        return row.claim("main() did not run again", added == 0);
    }

    /**
     * In place: same pod, beside the same agent. Where another one stands by, it is the other's.
     */
    public Failover awaitFailoverInPlace(Row row, Duration limit) {
        Failover failover = awaitFailover(row, limit);
        boolean samePod = application.podName().equals(before.pod());
        (application.hasStandby()
                        ? row.claim("the other pod leads", !samePod)
                        : row.claim("restarted in the same pod", samePod))
                .claim(
                        "the Job counts no failure",
                        application.failedPods() == before.failedPods());
        return failover;
    }

    /** The fault was none for the job. */
    public void awaitUndisturbed(Row row) {
        Undisturbed after = awaitUndisturbed(3, Duration.ofMinutes(2));
        Console.event("undisturbed, longest silence " + after.processingGapMillis() + " ms");
        row.figure("processingGapMillis", after.processingGapMillis())
                .figure("failedCheckpoints", after.failedCheckpoints())
                .figure("taskFailures", after.taskFailures())
                .figure("mainRunsAdded", application.mainRuns() - before.mainRuns());
        addPlace(row);
        after.claim(row);
    }

    private void addPlace(Row row) {
        row.figure("jobManagerRestartsInPod", application.restarts())
                .figure("podsUsed", application.podsUsed());
        if (application.side() == Side.AGENT) {
            row.figure("epochBefore", before.epoch())
                    .figure("epochAfter", application.epoch())
                    .figure("podsFailedInJob", application.failedPods());
        }
    }
}
