package io.flinkha.lab.experiment.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.api.AgentWrite;
import io.flinkha.lab.api.CommitHold;
import io.flinkha.lab.api.ControlProxy;
import io.flinkha.lab.application.Aftermath;
import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Console;
import io.flinkha.lab.base.Directories;
import io.flinkha.lab.experiment.protocol.KillPoint.Blow;
import io.flinkha.lab.experiment.protocol.KillPoint.Scene;
import io.flinkha.lab.experiment.state.PlanDamage;
import io.flinkha.lab.local.LocalApplication;
import io.flinkha.lab.measure.CheckpointPointer;
import io.flinkha.lab.process.Child;
import io.flinkha.lab.process.Ports;
import io.flinkha.lab.process.SupervisedChild;
import io.flinkha.lab.report.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs kill points on one cluster: stops the world at the point, kills, and looks what becomes of
 * it.
 */
final class KillScene {
    private static final Duration HOLD_LIMIT = Duration.ofMinutes(1);

    /**
     * Longer than {@code pekko.ask.timeout} (60 s): a request between ResourceManager and
     * TaskManager that is lost over the restart at the same port is repeated only then.
     */
    static final Duration LIMIT = Duration.ofMinutes(2);

    private static final Duration AWAY = Duration.ofSeconds(5);
    private static final Pattern RESTORING =
            Pattern.compile("Restoring job \\S+ from (?:Checkpoint|Savepoint) (\\d+)");
    private static final String TASK_RUNS = "switched from INITIALIZING to RUNNING";

    private final LocalApplication application;
    private final ControlProxy control;

    KillScene(LocalApplication application, ControlProxy control) {
        this.application = application;
        this.control = control;
    }

    /** What was the case before, and, from {@code acknowledged} on, at the death. */
    record Before(
            int mainRuns,
            int starts,
            String damagedPlan,
            long acknowledged,
            int mainRunsAtDeath,
            boolean plan,
            boolean result,
            long killedAt) {

        static Before of(LocalApplication application) {
            return new Before(
                    application.mainRuns(),
                    application.jobManager().starts(),
                    "",
                    CheckpointPointer.newest(application.manifest()),
                    0,
                    false,
                    false,
                    0);
        }
    }

    /**
     * A point of a job that goes on afterwards. The cluster is not started yet for a first start.
     */
    void run(KillPoint point, Row row) {
        Console.event("=== " + point.name());
        boolean first = point.scene() == Scene.FIRST_START;
        String damaged = point.scene() == Scene.RESTORE ? PlanDamage.truncate(application) : "";
        int mainRuns = application.mainRuns();
        int starts = first ? 1 : application.jobManager().starts();
        long acknowledged = first ? 0 : CheckpointPointer.newest(application.manifest());
        CommitHold hold = point.target().hold(application, control, point.point());
        Thread trigger =
                Thread.ofPlatform().daemon().name("trigger").start(() -> trigger(point.scene()));
        Before before =
                strike(
                        point,
                        hold,
                        new Before(mainRuns, starts, damaged, acknowledged, 0, false, false, 0));
        join(trigger);
        application.jobManager().restartDelay(Duration.ZERO);
        Await.until(
                "the job RUNNING and a new checkpoint",
                LIMIT,
                () ->
                        CheckpointPointer.newest(application.manifest()) > before.acknowledged()
                                && application.rest().job().allRunning());
        judge(point, before, row);
    }

    void trigger(Scene scene) {
        switch (scene) {
            case FIRST_START -> application.start();
            case STEADY -> {}
            case FAILOVER, RESTORE -> application.jobManager().kill();
            case AGENT_STOP -> stopPod();
            case END -> application.place("drain");
            case FAILED -> application.place("fail");
        }
    }

    /** The Lease is given back only over a JobManager that is dead; its next process is late. */
    private void stopPod() {
        application.jobManager().restartDelay(Duration.ofSeconds(4));
        application.pod().agent().terminate();
        application.jobManager().kill();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Before strike(KillPoint point, CommitHold hold, Before before) {
        hold.await(HOLD_LIMIT);
        JsonNode manifest = application.manifest();
        long at = System.currentTimeMillis();
        Runnable over = strike(point);
        int mainRuns = application.mainRuns();
        if (point.lost()) {
            hold.drop();
        } else {
            hold.release();
        }
        over.run();
        String plan = manifest.path("plan").path("sha256").asText();
        // A commit that nobody dropped is carried out.
        boolean goesOn = !point.lost();
        return new Before(
                before.mainRuns(),
                before.starts(),
                before.damagedPlan(),
                // The manifest of a new run names no checkpoint of its own yet.
                Math.max(before.acknowledged(), CheckpointPointer.newest(manifest)),
                mainRuns,
                (!plan.isEmpty() && !plan.equals(before.damagedPlan()))
                        || (goesOn && point.is(AgentWrite.PLAN)),
                manifest.hasNonNull("result") || (goesOn && point.is(AgentWrite.RESULT)),
                at);
    }

    /** Answers what ends it, where it has an end. */
    private Runnable strike(KillPoint point) {
        if (point.blow().killsAgent) {
            application.pod().agent().kill();
        }
        if (application.jobManager() instanceof SupervisedChild jobManager) {
            switch (point.blow()) {
                case CONTAINER -> jobManager.killContainer();
                case HUNG, HUNG_AND_AGENT -> jobManager.pause();
                case ORDER -> jobManager.killOnOrder();
                case SUPERVISOR_STOPPED -> {
                    jobManager.restartDelay(AWAY);
                    jobManager.killIfThere();
                    jobManager.restartDelay(Duration.ZERO);
                }
                case JM, BOTH -> jobManager.kill();
                default -> {}
            }
        }
        if (point.blow().stops()) {
            Child process =
                    point.blow() == Blow.JM_STOPPED
                            ? application.jobManager()
                            : application.pod().agent();
            process.pause();
            return () -> {
                Await.pass(AWAY);
                process.resume();
            };
        }
        if (point.blow() == Blow.CUT && point.target() instanceof KillPoint.Write) {
            application.proxy().refuse();
            return () -> {
                Await.pass(AWAY);
                application.proxy().accept();
            };
        }
        return () -> {};
    }

    private void judge(KillPoint point, Before before, Row row) {
        boolean mainHasToRun = point.scene() == Scene.FIRST_START || point.scene() == Scene.RESTORE;
        int ran = before.mainRunsAtDeath() - before.mainRuns();
        int expected = 0;
        if (mainHasToRun) {
            // Once for the run that goes on, and once for each one that died before its plan was
            // stored.
            expected = point.blow().killsJobManager ? ran + (before.plan() ? 0 : 1) : 1;
        }
        int mainRuns = application.mainRuns() - before.mainRuns();
        boolean livedOn = application.jobManager().starts() == before.starts();
        OptionalLong restored = restored(application.jobManager().current().log());
        String endState =
                livedOn && !mainHasToRun
                        ? "lived on"
                        : restored.isEmpty()
                                ? withoutState(before, livedOn)
                                : mainHasToRun ? "restored" : "resumed";
        figures(row, before, restored, endState);
        row.figure("mainRuns", mainRuns)
                .figure("mainRunsExpected", expected)
                .claim("main() ran as often as it had to", mainRuns == expected)
                .claim(
                        "not empty, and from the newest acknowledged checkpoint",
                        endState.equals("lived on")
                                || before.acknowledged() == 0
                                || restored.orElse(-1) >= before.acknowledged())
                .claim(
                        "the JobManager lives on",
                        point.scene() != Scene.STEADY || point.blow().killsJobManager || livedOn);
    }

    /** Without state there is only where none was ever acknowledged. */
    private static String withoutState(Before before, boolean livedOn) {
        if (before.acknowledged() > 0) {
            return "started empty";
        }
        return before.plan() && !livedOn ? "resumed, no checkpoint yet" : "started fresh";
    }

    private void figures(Row row, Before before, OptionalLong restored, String endState) {
        row.figure("endState", endState)
                .figure("acknowledgedCheckpoint", before.acknowledged())
                .figure("restoredCheckpoint", restored.isPresent() ? restored.getAsLong() : null)
                .figure("toEndStateMillis", System.currentTimeMillis() - before.killedAt());
        Console.event("    " + endState);
    }

    /** A point of the job's end. */
    void end(KillPoint point, Row row) {
        Console.event("=== " + point.name());
        Child jobManager = application.jobManager();
        Before unhurt = Before.of(application);
        int mainRuns = unhurt.mainRuns();
        int starts = unhurt.starts();
        boolean release = point.is(AgentWrite.RELEASE);
        trigger(Scene.END);
        if (release) {
            awaitOver();
        }
        CommitHold hold = point.target().hold(application, control, point.point());
        if (release) {
            application.pod().agent().terminate();
        }
        Before before = strike(point, hold, unhurt);
        awaitOver();
        Await.until("the agent", LIMIT, () -> Ports.answers(application.pod().controlPort()));
        boolean ranAgain = jobManager.starts() > starts && runs(jobManager.current().log());
        OptionalLong restored = restored(jobManager.current().log());
        int exitCode = jobManager.over().orElse(-1);
        figures(
                row,
                before,
                ranAgain ? restored : OptionalLong.empty(),
                ranAgain ? "resumed, finished" : "finished");
        row.figure("mainRuns", application.mainRuns() - mainRuns)
                .figure("mainRunsExpected", 0)
                .claim("the last exit code is 0", exitCode == 0);
        Aftermath.claimNoMainRun(row, application.mainRuns() - mainRuns)
                .claim("no run after a recorded result", !before.result() || !ranAgain)
                .claim(
                        "from the newest acknowledged checkpoint",
                        !ranAgain || restored.orElse(-1) >= before.acknowledged())
                .claim("the result is recorded", application.manifest().hasNonNull("result"));
    }

    /** Lets the job run to its end, without a death. */
    void finish() {
        trigger(Scene.END);
        awaitOver();
    }

    private void awaitOver() {
        Await.until(
                "the end of the JobManager",
                LIMIT,
                () -> application.jobManager().over().isPresent());
    }

    static OptionalLong restored(Path log) {
        Matcher matcher = RESTORING.matcher(Directories.text(log));
        return matcher.find()
                ? OptionalLong.of(Long.parseLong(matcher.group(1)))
                : OptionalLong.empty();
    }

    static boolean runs(Path log) {
        return Directories.text(log).contains(TASK_RUNS);
    }
}
