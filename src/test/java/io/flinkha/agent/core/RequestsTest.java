package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.gate.WaitReason;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What a JobManager asks, and what it is answered. */
@NullMarked
class RequestsTest {
    private static Reply register(Bench bench, String jm) {
        return bench.reply(
                bench.send(
                        id -> new Event.Registered(id, new Registration(jm, "2.3.0", "code-1"))));
    }

    private static Reply startFailed(Bench bench, String jm) {
        return bench.reply(bench.send(id -> new Event.StartFailed(id, jm, 1, "no class")));
    }

    private static Reply addresses(Bench bench) {
        return bench.reply(bench.send(Event.AddressesAsked::new));
    }

    private static void assertWaits(WaitReason reason, Reply reply) {
        assertEquals(new Reply.Wait(reason), reply);
    }

    @Test
    void registrationIsAnsweredWhereverTheAgentIs() {
        Bench bench = new Bench();
        assertWaits(new WaitReason.Registered(), register(bench, "jm-1"));
        bench.lead("jm-1");
        assertWaits(new WaitReason.Registered(), register(bench, "jm-1"));
        bench.step(new Event.AdapterFailed("WriteLease", "x"));
        assertInstanceOf(Reply.Halt.class, register(bench, "jm-2"));
    }

    /** What the look under way finds may be older than the registration. */
    @Test
    void registrationDuringALookAtTheLockAsksForAnother() {
        Bench bench = new Bench();
        bench.tick();
        Action.ProbeLock look = bench.take(Action.ProbeLock.class);
        register(bench, "jm-1");
        assertFalse(bench.isPending(Action.ProbeLock.class), "one look at a time");
        bench.answer(look);
        bench.answer(bench.take(Action.ProbeLock.class));
        assertFalse(bench.isPending(Action.ProbeLock.class), "one more is enough");
    }

    @Test
    void startThatFailedIsHeardOfWhoServesTheEpoch() {
        Bench bench = new Bench().lead("jm-1");
        assertEquals(new Reply.Done(), startFailed(bench, "jm-1"));
        assertInstanceOf(Reply.Fenced.class, startFailed(bench, "jm-2"));
    }

    @Test
    void earlierRunsAreAnsweredOnceThatIsCommitted() {
        Bench bench = new Bench().leadWithCheckpoint("jm-1");
        long asked = bench.send(id -> new Event.EarlierRunsAsked(id, "jm-1", 1, bench.jobId()));
        bench.settle();
        assertEquals(new Reply.EarlierRuns(List.of()), bench.reply(asked));
    }

    @Test
    void addressesAreThoseOfTheLeaderThatHasThem() {
        Reply none = new Reply.LeaderAddresses(Map.of(), null);
        Bench bench = new Bench();
        assertEquals(none, addresses(bench));
        bench.lead("jm-1");
        assertEquals(
                new Reply.LeaderAddresses(Bench.LEADER_ADDRESSES, bench.incarnation.session(1)),
                addresses(bench));
        Bench next = bench.nextProcess("a2");
        next.run(400);
        next.open("jm-1", 1);
        assertEquals(Phase.LEADING, next.state.phase());
        assertEquals(none, addresses(next), "they were not offered to this process yet");
        bench.step(new Event.AdapterFailed("WriteLease", "x"));
        assertEquals(none, addresses(bench));
    }

    @Test
    void agentThatComesBackLooksAtTheLockBeforeItLetsAnybodyGoOn() {
        Bench next = new Bench().leadWithCheckpoint("jm-1").nextProcess("a2");
        next.run(400);
        next.lock = new Lock.Held("");
        next.run(200);
        assertEquals(Phase.REATTACHING, next.state.phase());
        assertWaits(new WaitReason.LockIsLookedAt(), next.poll("jm-1", 1));
        assertInstanceOf(Reply.Halt.class, next.poll("jm-1", 2), "of another epoch");
    }

    @Test
    void firstStartWaitsForALookForCopies() {
        Bench bench = new Bench();
        WitnessLooksTest.next(bench, Action.LookForMirror.class);
        bench.jobManagerStarts("jm-1");
        bench.settle();
        assertWaits(new WaitReason.CopyIsSought(), bench.poll("jm-1", 0));
    }

    @Test
    void nextStartWaitsUntilItsPlanIsCheckedAndOneThatHangsIsCheckedAgain() {
        Bench bench = new Bench().leadWithCheckpoint("jm-1");
        bench.jobManagerDies();
        WitnessLooksTest.next(bench, Action.CheckPlan.class);
        bench.jobManagerStarts("jm-2");
        for (int i = 0; i < 59; i++) {
            bench.run(1_000);
            assertWaits(new WaitReason.PlanIsChecked(), bench.poll("jm-2", 0));
        }
        bench.run(2_000);
        assertEquals(2, bench.open("jm-2", 0).epoch());
    }

    @Test
    void addressesWhoseWriteHangsAreWrittenAgain() {
        Bench bench = new Bench().lead("jm-1");
        Map<String, String> moved = Map.of("restserver", "http://10.0.0.9:8081");
        bench.send(id -> new Event.AddressesOffered(id, "jm-1", 1, moved));
        bench.take(Action.Publish.class);
        bench.run(2_400);
        assertEquals(Bench.LEADER_ADDRESSES, bench.api.leaderAddresses());
        assertFalse(bench.state.leaderAddresses().isCurrent());
        bench.run(600);
        assertEquals(moved, bench.api.leaderAddresses());
        assertTrue(bench.state.leaderAddresses().isCurrent());
    }

    @Test
    void recordOfEndsThatIsNotReadIsReadAgain() {
        Bench bench = new Bench();
        WitnessLooksTest.next(bench, Action.ReadEnds.class);
        bench.run(2_200);
        bench.pass(400).tick();
        assertTrue(bench.isPending(Action.ReadEnds.class));
    }

    @Test
    void stopWaitsForTheJobManagerSoLongAndNoLonger() {
        Bench bench = new Bench().lead("jm-1");
        bench.step(new Event.StopRequested("SIGTERM"));
        bench.pass(1_499).tick();
        assertEquals(Phase.LEADING, bench.state.phase());
        bench.pass(1).tick();
        assertEquals(Phase.TERMINATED, bench.state.phase());
    }

    @Test
    void podThatOutlivesASigtermByAMinuteMakesReadyForTheNext() {
        Bench bench = new Bench().leadWithCheckpoint("jm-1");
        bench.send(id -> new Event.TermAsked(id, "jm-1", 1));
        bench.settle();
        bench.jobManagerDies();
        bench.run(59_999);
        assertEquals(1, bench.epoch());
        bench.run(1);
        assertEquals(2, bench.epoch());
    }
}
