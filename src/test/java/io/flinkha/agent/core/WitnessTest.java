package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.restart.PodView;
import io.flinkha.agent.core.restart.Refusal;
import io.flinkha.agent.simulation.SimApiServer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The storage as second witness: R20 and R21, one order of events at a time. */
@NullMarked
class WitnessTest {
    static final Settings FAILSAFE = Bench.SETTINGS.withHold(Duration.ofSeconds(6));

    static final PodView STAYS = new PodView("uid-a", false, false);

    static Bench proven(Bench bench) {
        bench.step(new Event.StorageProven());
        return bench;
    }

    /** One whom the storage would hold. */
    static Bench leader() {
        Bench bench =
                proven(new Bench(new SimApiServer(), FAILSAFE, "pod-a/uid-a", "a1"))
                        .leadWithCheckpoint("jm-1");
        bench.api.putPod("pod-a", STAYS);
        bench.run(4_000);
        return bench;
    }

    /** Another pod's agent, at the same API server and storage. */
    static Bench other(Bench leader, Settings settings) {
        Bench other = new Bench(leader.api, settings, "pod-b/uid-b", "b1");
        other.store = leader.store;
        other.millis = leader.millis;
        return other;
    }

    /** The same whose storage is proven. */
    static Bench other(Bench leader) {
        return proven(other(leader, FAILSAFE));
    }

    static long last(Bench bench) {
        Checkpoint last = bench.state.manifest().lastCheckpoint();
        return last == null ? 0 : last.id();
    }

    private static LeaseRecord lease(Bench bench) {
        LeaseRecord lease = bench.api.lease();
        assertNotNull(lease);
        return lease;
    }

    @Test
    void whoeverComesNextFindsTheHoldOnTheLeaseAndInTheManifest() {
        Bench leader = leader();
        assertEquals(6, lease(leader).holdSeconds());
        assertEquals(6, leader.api.stored().holdSeconds());
        assertTrue(
                leader.store
                        .perform(new Action.LookForMarks(1, 1))
                        .equals(new Event.MarksSeen(1, true, 1)));
        assertTrue(leader.state.witness().isReady());
    }

    @Test
    void leaderGoesOnByTheStorageForAsLongAsTheApiServerIsAway() {
        Bench leader = leader();
        leader.runByStorage(3_600_000);
        assertEquals(Phase.LEADING, leader.state.phase());
        assertEquals(1, leader.epoch());
        assertTrue(leader.state.witness().heldSince() > 0);
        assertInstanceOf(Reply.Open.class, leader.poll("jm-1", 1));
        leader.run(3_000);
        assertEquals(0, leader.state.witness().heldSince());
        assertEquals(Phase.LEADING, leader.state.phase());
    }

    @Test
    void storageIsNotAskedWhileTheApiServerAnswers() {
        Bench leader = leader();
        for (int i = 0; i < 300; i++) {
            leader.pass(200).tick();
            assertFalse(leader.isPending(Action.ToWitness.class));
            leader.settle();
        }
    }

    @Test
    void gateClosesOnceNeitherAnswers() {
        Bench leader = leader();
        leader.runByStorage(20_000);
        leader.runUnanswered(6_200);
        assertEquals(Phase.STEPPING_DOWN, leader.state.phase());
        assertEquals(
                "neither the API server nor the storage answered in time", reasonOfEnd(leader));
    }

    @Test
    void gateClosesAtTheMarkOfALaterEpoch() {
        Bench leader = leader();
        leader.runByStorage(20_000);
        assertTrue(leader.store.putMark(2, "pod-b/uid-b"));
        leader.runByStorage(1_800);
        assertEquals("the storage has a mark of epoch 2", reasonOfEnd(leader));
    }

    @Test
    void lookProvesNothingOnceMarksGetLost() {
        Bench leader = leader();
        leader.runByStorage(20_000);
        leader.store.deleteMarks();
        leader.runByStorage(6_200);
        assertNotNull(leader.state.verdict());
    }

    @Test
    void withoutAProvenStorageAnOutageEndsTheLeaderAsBefore() {
        Bench leader =
                new Bench(new SimApiServer(), FAILSAFE, "pod-a/uid-a", "a1")
                        .leadWithCheckpoint("jm-1");
        assertEquals(0, lease(leader).holdSeconds());
        leader.runByStorage(10_200);
        assertEquals(
                "the Lease could not be renewed within the renew deadline", reasonOfEnd(leader));
    }

    @Test
    void storageThatIsProvenLaterCountsOnceAllKnow() {
        Bench leader =
                new Bench(new SimApiServer(), FAILSAFE, "pod-a/uid-a", "a1")
                        .leadWithCheckpoint("jm-1");
        proven(leader).run(3_000);
        assertEquals(6, lease(leader).holdSeconds());
        assertEquals(6, leader.api.stored().holdSeconds());
        leader.runByStorage(30_000);
        assertEquals(Phase.LEADING, leader.state.phase());
    }

    @Test
    void commitsByTheStorageAreAcknowledgedAndFollowToTheApiServer() {
        Bench leader = leader();
        leader.runByStorage(12_000);
        long request = leader.offer("jm-1", 1, leader.checkpoint(2));
        leader.answerStorage();
        assertEquals(new Reply.Done(), leader.reply(request));
        assertEquals(2, last(leader));
        assertEquals(1, leader.api.stored().checkpoints().getLast().id());
        leader.run(4_000);
        assertEquals(2, leader.api.stored().checkpoints().getLast().id());
    }

    @Test
    void commitIsNotAcknowledgedBesideTheMarkOfALaterEpoch() {
        Bench leader = leader();
        leader.runByStorage(12_000);
        long request = leader.offer("jm-1", 1, leader.checkpoint(2));
        assertTrue(leader.store.putMark(2, "pod-b/uid-b"));
        leader.answerStorage();
        assertInstanceOf(Reply.Fenced.class, leader.reply(request));
        assertEquals(1, last(leader));
    }

    @Test
    void attemptWhoseAnswerWasLostIsMadeAgainUnderAnotherName() {
        Bench leader = leader();
        leader.runByStorage(12_000);
        long request = leader.offer("jm-1", 1, leader.checkpoint(2));
        Action.CommitCopy lost = leader.take(Action.CommitCopy.class);
        leader.step(new Event.WitnessFailed(lost.call(), "the storage is away"));
        leader.runByStorage(1_000);
        assertEquals(new Reply.Done(), leader.reply(request));
        Manifest committed = leader.state.manifest().committed();
        assertNotNull(committed);
        assertTrue(committed.sequence() > lost.manifest().sequence());
    }

    /** A Job cannot complete without the API server, and whoever looks then finds the result. */
    @Test
    void endOfTheJobIsAcknowledgedOnceTheApiServerHasIt() {
        Bench leader = leader();
        leader.runByStorage(12_000);
        JobResult result =
                new JobResult(
                        leader.jobId(), JobResult.Status.FINISHED, "", "2026-01-01T00:00:00Z");
        long request = leader.offer("jm-1", 1, new Change.RecordResult(result));
        leader.runByStorage(2_000);
        assertFalse(leader.answered(request));
        leader.run(4_000);
        assertEquals(new Reply.Done(), leader.reply(request));
        assertEquals(result, leader.api.stored().result());
    }

    @Test
    void takeoverWithoutASeenEndMarksWaitsAndGoesOnFromTheCopy() {
        Bench leader = leader();
        Bench other = proven(other(leader, FAILSAFE));
        leader.runByStorage(12_000);
        var unused = leader.offer("jm-1", 1, leader.checkpoint(2));
        leader.answerStorage();
        // The leader's node is lost by now; the API server answers the other one.
        other.run(15_200);
        assertEquals(Phase.CLAIMING, other.state.phase());
        assertEquals(
                new Event.MarksSeen(1, true, 2),
                other.store.perform(new Action.LookForMarks(1, 2)));
        other.run(6_600);
        assertEquals(Phase.CLAIMING, other.state.phase(), "it waits 1.17 times 6 s");
        other.run(1_400);
        assertEquals(Phase.OPENING, other.state.phase());
        assertEquals(2, last(other));
        assertEquals(2, other.api.stored().checkpoints().getLast().id());
    }

    @Test
    void holdIsHonouredByWhoDoesWithoutTheSetting() {
        Bench leader = leader();
        Bench other = other(leader, Bench.SETTINGS);
        other.run(15_400 + 6_600);
        assertEquals(Phase.CLAIMING, other.state.phase());
        assertEquals(6, lease(leader).holdSeconds(), "until the claim it stays on the Lease");
        other.run(1_600);
        assertEquals(Phase.OPENING, other.state.phase());
        assertEquals(0, other.api.stored().holdSeconds());
        other.run(3_000);
        assertEquals(0, lease(leader).holdSeconds());
    }

    @Test
    void holdIsKnownFromTheManifestWhereTheLeaseWasReplaced() {
        Bench leader = leader();
        leader.api.replaceLease();
        Bench other = proven(other(leader, FAILSAFE));
        other.run(15_400 + 6_600);
        assertEquals(Phase.CLAIMING, other.state.phase());
        other.run(1_600);
        assertEquals(Phase.OPENING, other.state.phase());
    }

    @Test
    void ownJobManagersEndIsNotWaitedFor() {
        Bench leader = leader();
        leader.jobManagerDies();
        leader.run(400);
        leader.jobManagerStarts("jm-2");
        leader.run(1_000);
        assertEquals(2, leader.epoch());
        assertEquals(Phase.OPENING, leader.state.phase());
        assertInstanceOf(Reply.Open.class, leader.poll("jm-2", 0));
    }

    @Test
    void numberThatSomebodyElseMarkedIsPassedOver() {
        Bench leader = leader();
        assertTrue(leader.store.putMark(2, "pod-z/uid-z"));
        assertTrue(leader.store.putMark(7, "pod-z/uid-z"));
        leader.jobManagerDies();
        leader.run(400);
        leader.jobManagerStarts("jm-2");
        leader.run(1_000);
        assertEquals(8, leader.epoch());
        assertEquals(8, leader.api.stored().epoch());
    }

    @Test
    void outageIsNotHeldAgainstALeaderThatLives() {
        Bench leader = leader();
        Bench other = proven(other(leader, FAILSAFE));
        other.run(4_000);
        leader.runByStorage(64_000);
        other.runUnanswered(60_000);
        other.run(1_000);
        assertEquals(Phase.CONTENDING, other.state.phase());
        leader.run(2_000);
        other.millis = leader.millis;
        other.run(14_000);
        assertEquals(Phase.CONTENDING, other.state.phase());
    }

    @Test
    void manifestThatWasSetBackIsHealedByTheNextClaim() {
        Bench leader = leader();
        Manifest old = leader.api.stored();
        assertEquals(new Reply.Done(), leader.commit("jm-1", 1, leader.checkpoint(2)));
        leader.store.putCopy(leader.api.stored());
        leader.api.putManifest(old);
        Bench next = proven(leader.nextProcess("a2"));
        next.lock = new Lock.Free();
        next.run(3_000);
        assertEquals(Phase.OPENING, next.state.phase());
        assertEquals(2, next.api.stored().checkpoints().getLast().id());
    }

    @Test
    void agentThatComesBackTakesNoChangeBeforeItHasReadTheCopies() {
        Bench leader = leader();
        Manifest old = leader.api.stored();
        assertEquals(new Reply.Done(), leader.commit("jm-1", 1, leader.checkpoint(2)));
        leader.store.putCopy(leader.api.stored());
        leader.api.putManifest(old);
        Bench next = proven(leader.nextProcess("a2"));
        next.runWithoutStorage(2_000);
        assertInstanceOf(Reply.Open.class, next.poll("jm-1", 1));
        long early = next.offer("jm-1", 1, next.checkpoint(3));
        assertInstanceOf(Reply.Unavailable.class, next.reply(early));
        next.run(2_000);
        assertEquals(2, next.api.stored().checkpoints().getLast().id(), "healed");
        assertEquals(new Reply.Done(), next.commit("jm-1", 1, next.checkpoint(3)));
    }

    /** A leader in epoch 2 whose manifest was set back to epoch 1. */
    static Bench setBack() {
        Bench leader = leader();
        Manifest old = leader.api.stored();
        leader.jobManagerDies();
        leader.run(400);
        leader.jobManagerStarts("jm-2");
        leader.run(1_000);
        leader.store.putCopy(leader.api.stored());
        leader.api.putManifest(old);
        return leader;
    }

    @Test
    void manifestOfAnOlderEpochIsHealedWhereACopyTellsWhatCameAfter() {
        Bench leader = setBack();
        Manifest old = leader.api.stored();
        Bench next = proven(leader.nextProcess("a2"));
        next.lock = new Lock.Free();
        next.run(4_000);
        assertEquals(Phase.OPENING, next.state.phase());
        assertEquals(3, next.api.stored().epoch());
        assertEquals(old, next.state.witness.healed);
    }

    @Test
    void withoutACopyAManifestOfAnOlderEpochIsRefusedAsBefore() {
        Bench leader = leader();
        Manifest old = leader.api.stored();
        leader.jobManagerDies();
        leader.run(400);
        leader.jobManagerStarts("jm-2");
        leader.run(1_000);
        leader.api.putManifest(old);
        Bench next = proven(leader.nextProcess("a2"));
        next.lock = new Lock.Free();
        next.run(30_000);
        assertEquals(Phase.CONTENDING, next.state.phase());
        assertInstanceOf(Refusal.ManifestLost.class, next.state.refusal());
        assertNull(next.store.newestCopy());
    }

    @Test
    void whatDoesNotVerifyIsTold() {
        Bench leader = leader();
        Bench next = proven(leader.nextProcess("a2"));
        next.lock = new Lock.Free();
        for (int i = 0; i < 20 && !next.isPending(Action.ReadCopies.class); i++) {
            next.pass(200).tick();
            next.answerAllBut(Action.ReadCopies.class);
        }
        Action.ReadCopies read = next.take(Action.ReadCopies.class);
        State before = next.state;
        Event found = new Event.CopiesRead(read.call(), null, List.of("9999999999-1.json"));
        Transition transition =
                next.machine.step(before, new Moment(next.millis * 1_000_000, 0), found);
        assertTrue(
                transition
                        .facts()
                        .contains(new Fact.CopiesUnverified(List.of("9999999999-1.json"))));
    }

    private static String reasonOfEnd(Bench bench) {
        Verdict verdict = bench.state.verdict();
        assertNotNull(verdict);
        return verdict.reason();
    }
}
