package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.simulation.SimApiServer;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When the storage is asked for marks, and what a look that is late or lost comes to. */
@NullMarked
class WitnessLooksTest {
    /** The API server is away, and the storage keeps the gate open. */
    private static Bench held() {
        return WitnessTest.leader().runByStorage(12_000);
    }

    /** All else is answered until there is one of this kind. */
    static <T extends Action> T next(Bench bench, Class<T> kind) {
        for (int i = 0; i < 200 && !bench.isPending(kind); i++) {
            bench.pass(200).tick();
            bench.answerAllBut(kind);
        }
        return bench.take(kind);
    }

    /** The same while the API server is away. */
    private static Action.LookForMarks nextLook(Bench bench) {
        for (int i = 0; i < 200 && !bench.isPending(Action.LookForMarks.class); i++) {
            bench.pass(100).tick();
            bench.probe();
        }
        return bench.take(Action.LookForMarks.class);
    }

    private static @Nullable String reasonOfEnd(Bench bench) {
        Verdict verdict = bench.state.verdict();
        return verdict == null ? null : verdict.reason();
    }

    @Test
    void storageIsAskedOnceHalfTheDeadlineIsLeft() {
        Bench leader = WitnessTest.leader();
        long from = States.safeUntil(leader.state) / 1_000_000 - 5_000;
        leader.runUnanswered(from - 2 - leader.millis);
        leader.pass(1).tick();
        assertFalse(leader.isPending(Action.LookForMarks.class));
        leader.pass(1).tick();
        assertTrue(leader.isPending(Action.LookForMarks.class));
        assertEquals(0, leader.state.witness().heldSince());
        leader.answerStorage();
        assertTrue(leader.state.witness().heldSince() > 0);
    }

    @Test
    void lookThatFailedIsRepeatedAfterAPause() {
        Bench leader = held();
        Action.LookForMarks look = nextLook(leader);
        leader.step(new Event.WitnessFailed(look.call(), "the storage is away"));
        leader.pass(399).tick();
        assertFalse(leader.isPending(Action.LookForMarks.class));
        leader.pass(1).tick();
        assertTrue(leader.isPending(Action.LookForMarks.class));
    }

    @Test
    void lookThatHangsIsGivenUpAfterHalfAHold() {
        Bench leader = held();
        Action.LookForMarks look = nextLook(leader);
        Event late = leader.store.perform(look);
        leader.pass(2_999).tick();
        assertNotNull(States.witnessCall(leader.state));
        leader.pass(1).tick();
        assertNull(States.witnessCall(leader.state));
        long until = States.heldUntil(leader.state);
        leader.step(late);
        assertEquals(until, States.heldUntil(leader.state), "a late answer proves nothing");
        leader.pass(399).tick();
        assertFalse(leader.isPending(Action.LookForMarks.class));
        leader.pass(1).tick();
        assertTrue(leader.isPending(Action.LookForMarks.class));
    }

    @Test
    void markOfAClaimMayTakeLongerThanALook() {
        Bench bench =
                WitnessTest.proven(
                        new Bench(new SimApiServer(), WitnessTest.FAILSAFE, "pod-a/uid-a", "a1"));
        next(bench, Action.PutMark.class);
        bench.runWithoutStorage(9_800);
        assertNotNull(States.witnessCall(bench.state));
        bench.runWithoutStorage(200);
        assertNull(States.witnessCall(bench.state));
        assertFalse(bench.isPending(Action.PutMark.class), "it is not repeated without a pause");
        bench.runWithoutStorage(400);
        assertTrue(bench.isPending(Action.PutMark.class));
    }

    @Test
    void markOfALaterEpochEndsTheLeaderOnceItsLeaseMayBeTaken() {
        assertNull(reasonOfEnd(leaderThatSeesAnotherMark(1)));
        assertEquals(
                "the storage has a mark of epoch 2", reasonOfEnd(leaderThatSeesAnotherMark(0)));
    }

    /** So many milliseconds before its Lease is over. */
    private static Bench leaderThatSeesAnotherMark(long before) {
        Bench leader = WitnessTest.leader();
        long end = States.safeUntil(leader.state) / 1_000_000;
        leader.runByStorage(end - 1_600 - leader.millis);
        Action.LookForMarks look = nextLook(leader);
        assertTrue(leader.millis < end - before);
        assertTrue(leader.store.putMark(2, "pod-b/uid-b"));
        leader.millis = end - before;
        leader.step(leader.store.perform(look));
        return leader;
    }

    /** A JobManager that has its grant, and has published nothing yet. */
    private static Bench letIn() {
        Bench bench =
                WitnessTest.proven(
                        new Bench(new SimApiServer(), WitnessTest.FAILSAFE, "pod-a/uid-a", "a1"));
        bench.run(1_000);
        bench.jobManagerStarts("jm-1");
        bench.run(400);
        bench.open("jm-1", 0);
        bench.run(4_000);
        return bench;
    }

    @Test
    void jobManagerThatIsLetInIsHeldBeforeItHasPublished() {
        Bench bench = letIn();
        assertEquals(Phase.OPENING, bench.state.phase());
        assertTrue(bench.state.witness().isReady());
        bench.runByStorage(12_000);
        assertEquals(1, bench.open("jm-1", 1).epoch());
    }

    /** A proxy in the API server's place may say so, and the manifest says the hold, too. */
    @Test
    void jobManagerThatIsLetInIsHeldWhileTheLeaseIsSaidNotToBeThere() {
        Bench bench = letIn();
        Action.WriteLease renewal = next(bench, Action.WriteLease.class);
        bench.step(new Event.LeaseFailed(renewal.call(), Outcome.NOT_FOUND, ""));
        Action.ReadLease read = bench.take(Action.ReadLease.class);
        bench.step(new Event.LeaseRead(read.call(), null));
        bench.tick();
        assertEquals(Phase.OPENING, bench.state.phase());
        assertTrue(bench.state.witness().isReady());
    }

    /** Who took over from one that was held, and does without the setting itself. */
    private static Bench successorWithoutTheSetting() {
        Bench other = WitnessTest.other(WitnessTest.leader(), Bench.SETTINGS);
        other.run(15_400 + 8_400);
        other.jobManagerStarts("jm-2");
        other.run(600);
        other.open("jm-2", 0);
        return other.run(3_000);
    }

    @Test
    void whoDoesWithoutTheSettingIsNotHeld() {
        Bench other = successorWithoutTheSetting();
        assertFalse(other.state.witness().isReady());
        other.runByStorage(10_400);
        assertEquals(
                "the Lease could not be renewed within the renew deadline", reasonOfEnd(other));
    }

    @Test
    void whoDoesWithoutTheSettingNeedsNoStorageForItsNextEpoch() {
        Bench other = successorWithoutTheSetting();
        other.jobManagerDies();
        other.runWithoutStorage(2_000);
        assertEquals(3, other.epoch());
        assertEquals(Phase.OPENING, other.state.phase());
    }

    @Test
    void epochAfterTheStorageWasProvenWaitsForItsMark() {
        Bench leader =
                new Bench(new SimApiServer(), WitnessTest.FAILSAFE, "pod-a/uid-a", "a1")
                        .leadWithCheckpoint("jm-1");
        WitnessTest.proven(leader).run(3_000);
        leader.jobManagerDies();
        leader.run(400);
        leader.jobManagerStarts("jm-2");
        leader.run(1_000);
        assertInstanceOf(Reply.Open.class, leader.poll("jm-2", 0));
        leader.jobManagerDies();
        leader.runWithoutStorage(3_000);
        assertEquals(3, leader.epoch());
        assertEquals(Phase.CLAIMING, leader.state.phase());
        leader.run(1_000);
        assertEquals(Phase.OPENING, leader.state.phase());
    }

    @Test
    void takeoverLeavesTheHoldOfTheLastHolderOnTheLease() {
        Bench other = WitnessTest.other(WitnessTest.leader(), Bench.SETTINGS);
        Action.WriteLease taking = next(other, Action.WriteLease.class);
        assertEquals(2, taking.lease().epoch());
        assertEquals(6, taking.lease().holdSeconds());
    }

    /** The other one's clock may be 17 % slower. */
    @Test
    void claimWaitsForTheHoldTimesTheTolerance() {
        Bench other = WitnessTest.other(WitnessTest.leader());
        Action.PutMark mark = next(other, Action.PutMark.class);
        other.step(other.store.perform(mark));
        other.runWithoutStorage(7_019);
        assertFalse(other.isPending(Action.ReadCopies.class));
        other.runWithoutStorage(1);
        assertTrue(other.isPending(Action.ReadCopies.class));
    }

    /** Its holder may be held by the storage all the same. */
    @Test
    void leaseAndManifestOfABackupFromBeforeTheHoldAreWaitedForToo() {
        Bench bench =
                WitnessTest.proven(
                        new Bench(new SimApiServer(), WitnessTest.FAILSAFE, "pod-a/uid-a", "a1"));
        bench.api.putLease(new LeaseRecord("pod-b/uid-b", "b1", 9, 9, 0, 15, ""));
        bench.api.putManifest(Manifest.EMPTY.claimedBy(new Leadership(9, "b", "t", "r")));
        bench.run(15_400 + 6_600);
        assertEquals(Phase.CLAIMING, bench.state.phase());
        bench.run(1_600);
        assertEquals(Phase.OPENING, bench.state.phase());
    }
}
