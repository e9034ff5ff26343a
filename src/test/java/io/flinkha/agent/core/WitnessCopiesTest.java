package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.restart.Refusal;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The copies of the manifest in the storage: what they are called, and when they are read. */
@NullMarked
class WitnessCopiesTest {
    /** More than one agent process ever sends for one epoch. */
    private static final long ANOTHER_AGENT = 1_000_000;

    private static Bench contender(Bench before) {
        Bench next = before.nextProcess("a2");
        next.lock = new Lock.Free();
        return next;
    }

    @Test
    void contenderThatFindsACopyReadsTheManifestAnewAtOnce() {
        Bench next = WitnessTest.proven(contender(WitnessTest.setBack()));
        Action.ReadCopies read = WitnessLooksTest.next(next, Action.ReadCopies.class);
        assertInstanceOf(Refusal.ManifestLost.class, next.state.refusal());
        next.step(next.store.perform(read));
        assertTrue(next.isPending(Action.ReadManifest.class));
    }

    @Test
    void contenderThatFindsNoCopyLooksAgainInALeaseDuration() {
        Bench next = WitnessTest.proven(contender(WitnessTest.setBack()));
        Action.ReadCopies read = WitnessLooksTest.next(next, Action.ReadCopies.class);
        next.step(new Event.CopiesRead(read.call(), null, List.of()));
        assertFalse(next.isPending(Action.ReadManifest.class));
        next.runWithoutStorage(14_800);
        assertFalse(next.isPending(Action.ReadCopies.class));
        next.runWithoutStorage(200);
        assertTrue(next.isPending(Action.ReadCopies.class));
    }

    @Test
    void contenderWithoutAProvenStorageReadsNoCopies() {
        readsNoCopies(contender(WitnessTest.setBack()));
    }

    /** It may be another agent's, and readable for that one. */
    @Test
    void contenderReadsNoCopiesForAManifestThatIsThere() {
        Bench leader = WitnessTest.setBack();
        leader.api.garbleManifest();
        readsNoCopies(WitnessTest.proven(contender(leader)));
    }

    private static void readsNoCopies(Bench next) {
        for (int i = 0; i < 100; i++) {
            next.pass(200).tick();
            assertFalse(next.isPending(Action.ReadCopies.class));
            next.settle();
        }
        assertNotNull(next.state.refusal());
    }

    /** Puts of its predecessor, in the same epoch, may be under way. */
    @Test
    void agentThatComesBackKeepsAwayFromTheNamesOfItsPredecessor() {
        Bench leader = WitnessTest.leader();
        Bench next = WitnessTest.proven(leader.nextProcess("a2"));
        next.run(2_000);
        next.open("jm-1", 1);
        assertEquals(new Reply.Done(), next.commit("jm-1", 1, next.checkpoint(2)));
        assertTrue(next.api.stored().sequence() > ANOTHER_AGENT);
    }

    @Test
    void agentThatComesBackKeepsAwayFromTheNameOfTheNewestCopy() {
        Bench leader = WitnessTest.leader();
        Manifest copy = leader.api.stored().withSequence(5_000);
        leader.store.putCopy(copy);
        Bench next = WitnessTest.proven(leader.nextProcess("a2"));
        next.run(2_000);
        next.open("jm-1", 1);
        assertEquals(new Reply.Done(), next.commit("jm-1", 1, next.checkpoint(2)));
        assertTrue(next.api.stored().sequence() > 5_000 + ANOTHER_AGENT);
    }

    @Test
    void copiesAreReadBeforeTheJobManagerCalls() {
        Bench next = WitnessTest.proven(WitnessTest.leader().nextProcess("a2"));
        WitnessLooksTest.next(next, Action.ReadCopies.class);
        assertEquals(Phase.REATTACHING, next.state.phase());
    }

    @Test
    void copiesThatAreNotReadWithinHalfAMinuteAreAskedForAgain() {
        Bench next = WitnessTest.proven(WitnessTest.leader().nextProcess("a2"));
        WitnessLooksTest.next(next, Action.ReadCopies.class);
        next.runWithoutStorage(29_800);
        assertNotNull(next.state.copies.call);
        next.runWithoutStorage(200);
        assertFalse(next.isPending(Action.ReadCopies.class), "it is not repeated without a pause");
        next.runWithoutStorage(400);
        assertTrue(next.isPending(Action.ReadCopies.class));
    }

    /** The mark that went with it was lost. */
    @Test
    void numberOfACopyIsPassedOverByAClaim() {
        Bench leader = WitnessTest.leader();
        Manifest copy =
                leader.api
                        .stored()
                        .claimedBy(new Leadership(2, "pod-z/uid-z", "t", "r"))
                        .withSequence(5_000);
        leader.store.putCopy(copy);
        Bench other = WitnessTest.other(leader);
        other.run(15_400 + 9_000);
        assertEquals(3, other.epoch());
        assertEquals(Phase.OPENING, other.state.phase());
        assertEquals(3, other.api.stored().epoch());
    }

    @Test
    void onlyNamesThatAreNewerThanTheManifestAreTold() {
        Bench next = WitnessTest.proven(WitnessTest.leader().nextProcess("a2"));
        Action.ReadCopies read = WitnessLooksTest.next(next, Action.ReadCopies.class);
        Manifest known = next.state.manifest().committed();
        assertNotNull(known);
        String older = known.withSequence(0).copyName();
        String newer = known.withSequence(known.sequence() + 1).copyName();
        List<String> names = List.of(older, known.copyName(), newer);
        Transition transition =
                next.machine.step(
                        next.state,
                        new Moment(next.millis * 1_000_000, 0),
                        new Event.CopiesRead(read.call(), null, names));
        assertTrue(transition.facts().contains(new Fact.CopiesUnverified(List.of(newer))));
    }

    @Test
    void commitThatProvesNothingIsTriedAgainAfterAPause() {
        Bench leader = WitnessTest.leader().runByStorage(12_000);
        long request = leader.offer("jm-1", 1, leader.checkpoint(2));
        Action.CommitCopy commit = leader.take(Action.CommitCopy.class);
        leader.step(new Event.CopyCommitted(commit.call(), false, 1));
        leader.pass(399).tick();
        assertFalse(leader.answered(request));
        assertFalse(leader.isPending(Action.CommitCopy.class));
        leader.pass(1).tick();
        assertTrue(leader.isPending(Action.CommitCopy.class));
    }

    @Test
    void commitThatHangsIsTriedAgainAfterAHold() {
        Bench leader = WitnessTest.leader().runByStorage(12_000);
        long request = leader.offer("jm-1", 1, leader.checkpoint(2));
        leader.take(Action.CommitCopy.class);
        leader.runByStorage(6_200);
        assertFalse(leader.answered(request));
        leader.runByStorage(400);
        assertEquals(new Reply.Done(), leader.reply(request));
    }

    /** It may be carried out yet, and two of one name must not differ. */
    @Test
    void copyIsNotCalledLikeAWriteWhoseOutcomeIsUnknown() {
        Bench leader = WitnessTest.leader();
        long request = leader.offer("jm-1", 1, leader.checkpoint(2));
        Action.WriteManifest lost = leader.take(Action.WriteManifest.class);
        leader.runByStorage(12_000);
        assertEquals(new Reply.Done(), leader.reply(request));
        Manifest committed = leader.state.manifest().committed();
        assertNotNull(committed);
        assertTrue(committed.sequence() > lost.manifest().sequence());
    }
}
