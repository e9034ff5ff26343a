package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.JobResult.Status;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.restart.EndCause;
import io.flinkha.agent.core.restart.ExitCode;
import io.flinkha.agent.core.restart.KillCause;
import io.flinkha.agent.core.restart.OnFailed;
import io.flinkha.agent.core.restart.OnNoProgress;
import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.RestartPolicy;
import io.flinkha.agent.core.restart.Standing;
import io.flinkha.agent.core.restart.Watchdog;
import io.flinkha.agent.simulation.SimApiServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A JobManager that lives and does nothing, its ends, and what its supervisor is told. */
class WatchdogTest {
    private static final int SILENT = 30_000;

    /** Its JobManager is the seventh process of its container. */
    private static Bench leader() {
        Bench bench = new Bench().leadWithCheckpoint("jm-1");
        bench.lock = new Lock.Held("jm-1", 7);
        bench.run(200);
        bench.open("jm-1", 1);
        return bench;
    }

    private static Bench leader(OnNoProgress onNoProgress) {
        Settings own =
                new Settings(
                        Bench.SETTINGS.leaseDuration(),
                        Bench.SETTINGS.renewDeadline(),
                        Bench.SETTINGS.retryPeriod(),
                        Bench.SETTINGS.controllerUid(),
                        new RestartPolicy(true, OnFailed.FAIL, 5, Duration.ofHours(1)),
                        Bench.SETTINGS.restore(),
                        new Watchdog(Duration.ofSeconds(30), onNoProgress));
        Bench bench = new Bench(new SimApiServer(), own, "pod-a/uid-a", "a1");
        bench.leadWithCheckpoint("jm-1");
        bench.lock = new Lock.Held("jm-1", 7);
        return bench.run(200);
    }

    private static String reason(Bench bench) {
        return bench.api.stored().history().getLast().reason();
    }

    @Test
    void processThatDoesNotCallIsKilledAndTheNextOneGoesOn() {
        Bench bench = leader();
        bench.run(SILENT - 400);
        assertEquals(List.of(), bench.killed);
        bench.run(400);
        assertEquals(List.of(7L), bench.killed);
        assertEquals(1, bench.epoch(), "an order is no death");
        bench.jobManagerDies();
        bench.run(1_000);
        assertEquals(2, bench.epoch());
        assertEquals(KillCause.HUNG.reason(), reason(bench));
        assertEquals(1, bench.machine.failures(bench.state, moment(bench)));
    }

    private static Moment moment(Bench bench) {
        return new Moment(bench.millis * 1_000_000, 1_000 + bench.millis);
    }

    @Test
    void orderIsRepeatedWhileTheProcessLives() {
        Bench bench = leader();
        bench.run(SILENT + 5_000);
        assertTrue(bench.killed.size() >= 3, "" + bench.killed);
        bench.lock = new Lock.Held("jm-2", 8);
        bench.killed.clear();
        bench.run(5_000);
        assertEquals(List.of(), bench.killed, "another process is not meant");
    }

    /** A garbage collection of 20 s, again and again. */
    @Test
    void processThatCallsInTimeIsLeftAlone() {
        Bench bench = leader();
        for (int i = 0; i < 5; i++) {
            bench.run(20_000);
            bench.open("jm-1", 1);
        }
        assertEquals(List.of(), bench.killed);
    }

    @Test
    void registrationIsACallToo() {
        Bench bench = leader();
        bench.run(SILENT - 1_000);
        bench.send(id -> new Event.Registered(id, new Registration("jm-1", "2.3.0", "code-1")));
        bench.run(SILENT - 1_000);
        assertEquals(List.of(), bench.killed);
    }

    /** What it slept through itself says nothing about others. */
    @Test
    void timeInWhichTheAgentStoodStillDoesNotCount() {
        Bench bench = leader();
        bench.run(10_000);
        bench.pass(6_000).run(200);
        bench.run(15_000);
        assertEquals(List.of(), bench.killed);
    }

    @Test
    void whilePausedNobodyIsKilled() {
        Bench bench = leader();
        bench.api.wish(new Wishes("a debugger", 0, "", 0));
        bench.run(120_000);
        assertEquals(List.of(), bench.killed);
        assertEquals(new Standing(true, false, null), bench.told);
        bench.api.wish(Wishes.NONE);
        bench.run(10_000);
        assertEquals(List.of(), bench.killed, "its patience begins anew");
        assertEquals(new Standing(false, false, null), bench.told);
    }

    @Test
    void orderThatWasLostIsNotRepeatedOncePaused() {
        Bench bench = leader();
        bench.send(id -> new Event.GatePolled(id, "jm-1", 1, "the dispatcher, for 60 s", 0));
        bench.api.wish(new Wishes("a debugger", 0, "", 0));
        bench.run(4_000);
        bench.killed.clear();
        bench.run(10_000);
        assertEquals(List.of(), bench.killed);
        bench.open("jm-1", 1);
    }

    /** Started by an older base: there is nobody to give an order to. */
    @Test
    void withoutASupervisorItIsToldToHaltOnceItCalls() {
        Bench bench = new Bench().leadWithCheckpoint("jm-1");
        bench.run(SILENT + 1_000);
        assertEquals(List.of(), bench.killed);
        Reply.Halt halt = assertInstanceOf(Reply.Halt.class, bench.poll("jm-1", 1));
        assertEquals(ExitCode.GATE_CLOSED.code(), halt.code());
    }

    @Test
    void reportOfHungMainThreadsEndsTheProcess() {
        Bench bench = leader();
        bench.send(id -> new Event.GatePolled(id, "jm-1", 1, "the dispatcher, for 60 s", 0));
        bench.run(200);
        assertEquals(List.of(7L), bench.killed);
        assertInstanceOf(Reply.Halt.class, bench.poll("jm-1", 1));
        bench.jobManagerDies();
        bench.run(1_000);
        assertEquals(KillCause.MAIN_THREAD.reason(), reason(bench));
    }

    @ParameterizedTest
    @EnumSource(OnNoProgress.class)
    void jobWithoutProgressIsReported(OnNoProgress then) {
        Bench bench = leader(then);
        polls(bench, 18_000, 20_000);
        assertEquals(false, bench.state.process().isStalled());
        polls(bench, 4_000, 20_000);
        boolean restarts = then == OnNoProgress.RESTART;
        assertEquals(restarts, !bench.killed.isEmpty());
        assertTrue(bench.state.process().isStalled());
    }

    @Test
    void checkpointIsProgress() {
        Bench bench = leader(OnNoProgress.RESTART);
        for (long id = 2; id < 6; id++) {
            polls(bench, 18_000, 20_000);
            bench.commit("jm-1", 1, bench.checkpoint(id));
        }
        polls(bench, 60_000, 0);
        assertEquals(List.of(), bench.killed, "no bound: it has ended, or is being stopped");
    }

    private static void polls(Bench bench, long millis, long bound) {
        for (long end = bench.millis + millis; bench.millis < end; ) {
            bench.send(id -> new Event.GatePolled(id, "jm-1", 1, "", bound));
            bench.run(2_000);
        }
    }

    /** It should have ended by itself when its gate closed. */
    @Test
    void processThatOutlivesItsGateIsKilledAndTheLeaseIsReleased() {
        Bench bench = leader();
        bench.api.wish(new Wishes("", 1, "", 0));
        bench.run(2_500);
        assertEquals(Phase.STEPPING_DOWN, bench.state.phase());
        for (int i = 0; i < 60 && bench.killed.isEmpty(); i++) {
            bench.run(200);
        }
        assertEquals(List.of(7L), bench.killed);
        bench.jobManagerDies();
        bench.run(400);
        assertEquals(1, bench.api.lease() == null ? 0 : bench.api.lease().released());
    }

    /** It knows nothing of the epoch that the process serves, and may not take over beside it. */
    @Test
    void agentThatCameBackHasAFrozenProcessKilledToo() {
        Bench bench = leader();
        Bench next = bench.nextProcess("a2");
        next.runUnanswered(SILENT + 1_000);
        assertEquals(List.of(7L), next.killed.stream().distinct().toList());
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"FINISHED", "FAILED"})
    void supervisorIsToldThatTheEndIsRecorded(Status status) {
        Bench bench = leader();
        assertEquals(new Standing(false, false, null), bench.told);
        bench.commit("jm-1", 1, new Change.RecordResult(result(bench, status)));
        ExitCode code = status == Status.FAILED ? ExitCode.FAILED : ExitCode.DONE;
        assertEquals(new Standing(false, false, code), bench.told);
        bench.ends = List.of(new ProcessEnd(7, code.code(), 60, 1));
        bench.jobManagerDies();
        bench.run(2_000);
        assertEquals(0, bench.machine.failures(bench.state, moment(bench)), "it is no failure");
    }

    private static JobResult result(Bench bench, Status status) {
        return new JobResult(bench.jobId(), status, "", "t");
    }

    @Test
    void endsAreCountedByWhatTheyWere() {
        Bench bench = new Bench().lead("jm-1");
        bench.lock = new Lock.Free();
        int[] codes = {0, 1, 75, 137, 143, -1, 163, 78};
        bench.ends =
                LongStream.rangeClosed(1, codes.length)
                        .mapToObj(n -> new ProcessEnd(n, codes[(int) n - 1], 5, 1))
                        .toList();
        bench.run(2_000);
        assertEquals(6, bench.machine.failures(bench.state, moment(bench)));
        assertEquals(
                0,
                bench.machine.failures(
                        bench.state, new Moment(bench.millis * 1_000_000, 3_700_000)),
                "out of the window");
    }

    @Test
    void endsWhilePausedAreExcused() {
        Bench bench = leader();
        bench.ends = List.of(new ProcessEnd(6, 1, 5, 1));
        bench.jobManagerDies();
        bench.run(2_000);
        bench.api.wish(new Wishes("a person works on it", 0, "", 0));
        bench.run(4_000);
        int before = bench.machine.failures(bench.state, moment(bench));
        bench.ends = List.of(new ProcessEnd(6, 1, 5, 1), new ProcessEnd(7, 137, 5, 1));
        bench.run(4_000);
        assertEquals(before, bench.machine.failures(bench.state, moment(bench)));
    }

    private static ProcessEnd endNow(Bench bench, long number, int code) {
        return new ProcessEnd(number, code, 5, (1_000 + bench.millis) / 1_000);
    }

    /** Which ends came before the pause, an agent that starts in it cannot know. */
    @Test
    void agentThatStartsWhilePausedCountsNoEndThatItFinds() {
        Bench bench = leader();
        bench.api.wish(new Wishes("a person works on it", 0, "", 0));
        bench.run(4_000);
        Bench next = bench.nextProcess("a2");
        next.ends = List.of(endNow(bench, 7, 137));
        next.jobManagerDies();
        next.run(30_000);
        next.api.wish(Wishes.NONE);
        next.run(4_000);
        assertEquals(List.of("the agent took the Lease"), reasonsAfterTheFirst(next));
        assertEquals(0, next.machine.failures(next.state, moment(next)));
        next.ends = List.of(next.ends.getFirst(), endNow(next, 8, 1));
        next.run(4_000);
        assertEquals(1, next.machine.failures(next.state, moment(next)), "one after the pause");
    }

    private static List<String> reasonsAfterTheFirst(Bench bench) {
        return bench.api.stored().history().stream().skip(1).map(Leadership::reason).toList();
    }

    @Test
    void agentThatStartsAfterAPauseKnowsItsEndsFromTheHistory() {
        Bench bench = leader();
        ProcessEnd before = endNow(bench, 6, 1);
        bench.run(4_000);
        bench.api.wish(new Wishes("a person works on it", 0, "", 0));
        bench.run(4_000);
        bench.ends = List.of(before, endNow(bench, 7, 137));
        bench.jobManagerDies();
        bench.run(20_000);
        bench.api.wish(Wishes.NONE);
        bench.run(4_000);
        assertEquals(RestartPolicy.ENDED_PAUSED, reason(bench));
        Bench next = bench.nextProcess("a2");
        next.ends = List.of(before, bench.ends.getLast(), endNow(bench, 8, 1));
        next.run(30_000);
        assertEquals(2, next.machine.failures(next.state, moment(next)));
    }

    /** Its gate said so before the order came: the watchdog ended it all the same. */
    @Test
    void processThatIsQuickerThanTheOrderCounts() {
        Bench bench = leader();
        bench.send(id -> new Event.GatePolled(id, "jm-1", 1, "the dispatcher, for 60 s", 0));
        assertInstanceOf(Reply.Halt.class, bench.poll("jm-1", 1));
        bench.run(200);
        bench.ends = List.of(endNow(bench, 5, 75), endNow(bench, 6, 1), endNow(bench, 7, 75));
        bench.jobManagerDies();
        bench.run(2_000);
        assertEquals(KillCause.MAIN_THREAD.reason(), reason(bench));
        assertEquals(2, bench.machine.failures(bench.state, moment(bench)));
    }

    @Test
    void recordIsReadOnceBesideAProcessThatLives() {
        Bench bench = leader();
        bench.run(2_000);
        for (int i = 0; i < 50; i++) {
            bench.pass(200).tick();
            assertEquals(false, bench.isPending(Action.ReadEnds.class));
            bench.settle();
            bench.open("jm-1", 1);
        }
        bench.jobManagerDies();
        bench.run(200);
        bench.pass(1_200).tick();
        assertTrue(bench.isPending(Action.ReadEnds.class));
    }

    @Test
    void causes() {
        assertEquals(EndCause.NO_RESULT, cause(0, null, false));
        assertEquals(EndCause.NO_RESULT, cause(163, null, true));
        assertEquals(EndCause.JOB_OVER, cause(0, ExitCode.DONE, false));
        assertEquals(EndCause.WATCHDOG, cause(137, null, true));
        assertEquals(EndCause.KILLED, cause(137, null, false));
        assertEquals(EndCause.GATE_CLOSED, cause(75, null, false));
        assertEquals(EndCause.REFUSED, cause(78, null, false));
        assertEquals(EndCause.MOVED, cause(143, null, false));
        assertEquals(EndCause.CONTAINER, cause(-1, null, false));
        assertEquals(EndCause.ERROR, cause(1, null, false));
    }

    private static EndCause cause(int code, @Nullable ExitCode recorded, boolean ordered) {
        return EndCause.of(new ProcessEnd(1, code, 5, 1), recorded, ordered);
    }
}
