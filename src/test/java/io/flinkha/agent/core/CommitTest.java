package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.EarlierRun;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.simulation.SimApiServer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the JobManager offers is acknowledged when, and only when, it was seen committed. */
class CommitTest {
    private final Bench bench = new Bench().leadWithCheckpoint("jm-1");

    @Test
    void nothingIsAcknowledgedBeforeTheCommitWasSeen() {
        long offer = bench.offer("jm-1", 1, bench.checkpoint(2));
        Action.WriteManifest write = bench.take(Action.WriteManifest.class);
        Event written = bench.perform(write);
        assertFalse(bench.answered(offer), "the write has happened, but nobody has seen it");
        bench.step(written);
        assertEquals(new Reply.Done(), bench.reply(offer));
    }

    @Test
    void offersThatWaitShareOneCommit() {
        int before = bench.api.written().size();
        long first = bench.offer("jm-1", 1, bench.checkpoint(2));
        long second = bench.offer("jm-1", 1, new Change.ReserveIds(33, 32));
        long third = bench.offer("jm-1", 1, bench.checkpoint(3));
        bench.answer(bench.take(Action.WriteManifest.class));
        assertTrue(bench.answered(first));
        assertFalse(bench.answered(second) || bench.answered(third));
        bench.answer(bench.take(Action.WriteManifest.class));
        assertEquals(new Reply.Reserved(65), bench.reply(second));
        assertEquals(new Reply.Done(), bench.reply(third));
        assertEquals(before + 2, bench.api.written().size());
    }

    @Test
    void repeatedCallIsAnsweredWithoutAnotherWrite() {
        int before = bench.api.written().size();
        assertEquals(new Reply.Done(), bench.commit("jm-1", 1, bench.checkpoint(1)));
        assertEquals(new Reply.Reserved(33), bench.commit("jm-1", 1, new Change.ReserveIds(1, 32)));
        assertEquals(before, bench.api.written().size());
    }

    @Test
    void repeatedCallWaitsForTheCommitOfTheFirst() {
        bench.offer("jm-1", 1, bench.checkpoint(2));
        long again = bench.offer("jm-1", 1, bench.checkpoint(2));
        assertFalse(bench.answered(again));
        bench.settle();
        assertEquals(new Reply.Done(), bench.reply(again));
    }

    @Test
    void refusalIsDefinite() {
        Reply reply = bench.commit("jm-1", 1, new Change.ReserveIds(1_000, 32));
        assertInstanceOf(Reply.Refused.class, reply);
    }

    @Test
    void unknownOutcomeIsReadBeforeItIsCalledDone() {
        long offer = bench.offer("jm-1", 1, bench.checkpoint(2));
        bench.perform(bench.take(Action.WriteManifest.class));
        int written = bench.api.written().size();
        bench.pass(2_500).tick();
        bench.pass(400).tick();
        assertFalse(bench.isPending(Action.WriteManifest.class), "written again without a look");
        assertFalse(bench.answered(offer));
        bench.answer(bench.take(Action.ReadManifest.class));
        assertEquals(new Reply.Done(), bench.reply(offer), "it had happened");
        assertEquals(written, bench.api.written().size());
    }

    @Test
    void writeThatWasLostIsRepeated() {
        long offer = bench.offer("jm-1", 1, bench.checkpoint(2));
        bench.take(Action.WriteManifest.class);
        bench.run(4_000);
        assertEquals(new Reply.Done(), bench.reply(offer));
        assertEquals(2, bench.api.stored().checkpoints().getLast().id());
    }

    @Test
    void lateAnswerOfAnAbandonedWriteAcknowledgesNothing() {
        long offer = bench.offer("jm-1", 1, bench.checkpoint(2));
        Action.WriteManifest lost = bench.take(Action.WriteManifest.class);
        bench.pass(2_600).tick();
        bench.step(new Event.ManifestWritten(lost.call(), "77"));
        assertFalse(bench.answered(offer));
    }

    /** R6: ours is the truth while we lead. */
    @Test
    void manifestThatIsGoneIsWrittenAgainFromMemory() {
        bench.api.deleteManifest();
        assertEquals(new Reply.Done(), bench.commit("jm-1", 1, bench.checkpoint(2)));
        assertEquals(2, bench.api.stored().checkpoints().getLast().id());
        assertEquals(33, bench.api.stored().reservedTo());
    }

    @Test
    void manifestThatWasRolledBackIsWrittenOver() {
        Manifest old = bench.api.written().getFirst();
        bench.api.putManifest(old);
        assertEquals(new Reply.Done(), bench.commit("jm-1", 1, bench.checkpoint(2)));
        assertEquals(2, bench.api.stored().checkpoints().getLast().id());
        bench.api.garbleManifest();
        assertEquals(new Reply.Done(), bench.commit("jm-1", 1, bench.checkpoint(3)));
        assertEquals(3, bench.api.stored().checkpoints().getLast().id());
    }

    @Test
    void manifestOfANewerAgentIsNotWrittenOver() {
        bench.api.putManifestOfNewerAgent();
        long offered = bench.offer("jm-1", 1, bench.checkpoint(2));
        bench.run(4_000);
        assertFalse(
                bench.answered(offered) && bench.reply(offered) instanceof Reply.Done,
                "it was acknowledged");
        assertInstanceOf(ManifestView.Newer.class, bench.api.manifest());
        assertEquals(Phase.STEPPING_DOWN, bench.state.phase());
    }

    /**
     * A create names no version. If it brought content, one that is carried out late, after a
     * person deleted the manifest, would give out the same checkpoint ids again.
     */
    @Test
    void createThatIsCarriedOutLateBringsNothingBack() {
        Bench first = new Bench();
        first.tick();
        while (!first.isPending(Action.CreateEmptyManifest.class)) {
            first.answer(first.pending.getFirst());
        }
        Action late = first.take(Action.CreateEmptyManifest.class);
        first.run(4_000);
        first.jobManagerStarts("jm-1");
        first.run(400);
        first.open("jm-1", 0);
        first.settle();
        first.commit("jm-1", 1, new Change.ReserveIds(1, 32));
        first.api.deleteManifest();
        first.perform(late);
        assertEquals(Manifest.EMPTY, first.api.stored());
        first.run(12_000);
        assertEquals(
                new Reply.Reserved(65),
                first.commit("jm-1", 1, new Change.ReserveIds(33, 32)),
                "the leader writes its own over it");
        assertEquals(65, first.api.stored().reservedTo());
    }

    /** The agent was stopped; calls queued; the deadline has passed when it wakes. */
    @Test
    void callsThatQueuedPastTheDeadlineAreNotAcknowledged() {
        long early = bench.offer("jm-1", 1, bench.checkpoint(2));
        Event written = bench.perform(bench.take(Action.WriteManifest.class));
        bench.pass(11_000);
        bench.tick();
        bench.step(written);
        long late = bench.offer("jm-1", 1, bench.checkpoint(3));
        assertInstanceOf(Reply.Fenced.class, bench.reply(early));
        assertInstanceOf(Reply.Fenced.class, bench.reply(late));
        assertInstanceOf(Reply.Halt.class, bench.poll("jm-1", 1));
        assertFalse(bench.isPending(Action.WriteManifest.class));
    }

    @Test
    void theCallItselfMayBeTheFirstThingAfterTheDeadline() {
        bench.pass(11_000);
        long late = bench.offer("jm-1", 1, bench.checkpoint(2));
        assertInstanceOf(Reply.Fenced.class, bench.reply(late));
        assertEquals(Phase.STEPPING_DOWN, bench.state.phase());
    }

    @Test
    void offerThatWaitsTooLongIsToBeAskedAgain() {
        long offer = bench.offer("jm-1", 1, bench.checkpoint(2));
        for (int i = 0; i < 35; i++) {
            bench.pass(1_000).tick();
            bench.probe();
            for (Action action : List.copyOf(bench.pending)) {
                if (action instanceof Action.WriteLease || action instanceof Action.ReadLease) {
                    bench.answer(action);
                } else {
                    bench.pending.remove(action);
                }
            }
        }
        assertInstanceOf(Reply.Unavailable.class, bench.reply(offer));
        assertEquals(Phase.LEADING, bench.state.phase(), "no API trouble with the Lease");
    }

    @Test
    void waitingOffersAreBounded() {
        bench.offer("jm-1", 1, bench.checkpoint(2));
        for (int i = 1; i < ManifestSteps.MAX_WAITERS; i++) {
            assertFalse(bench.answered(bench.offer("jm-1", 1, bench.checkpoint(2))));
        }
        long tooMany = bench.offer("jm-1", 1, bench.checkpoint(2));
        assertInstanceOf(Reply.Unavailable.class, bench.reply(tooMany));
    }

    /** Its state may refer to files of the one that is still to be swept. */
    @Test
    void keptRunIsNamedForAsLongAsAnotherIsToBeSwept() {
        EarlierRun claimed = new EarlierRun("job-a", "file:/state/chk-7", "", true, false);
        EarlierRun kept = new EarlierRun("job-b", "file:/state/chk-40", "", false, true);
        SimApiServer api = new SimApiServer();
        api.putManifest(Manifest.EMPTY.withEarlierRuns(List.of(claimed, kept)));
        Bench next = new Bench(api, "pod-a/uid-a", "a1").leadWithCheckpoint("jm-1");
        Change retire = new Change.RetireRuns(1);
        assertEquals(new Reply.EarlierRuns(List.of(claimed, kept)), next.commit("jm-1", 1, retire));
        next.commit("jm-1", 1, new Change.RecordSweep(Set.of("job-a")));
        assertEquals(new Reply.EarlierRuns(List.of()), next.commit("jm-1", 1, retire));
    }
}
