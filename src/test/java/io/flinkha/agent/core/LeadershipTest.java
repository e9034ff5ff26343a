package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.gate.WaitReason;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.restart.Start;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How leadership is taken, kept, handed over and lost. */
class LeadershipTest {
    private static final LeaseRecord RIVAL = new LeaseRecord("pod-b/uid-b", "b1", 9, 9, 0, 15, "");

    /** lease → manifest claim → lease confirmed → gate open → JobManager confirms → published. */
    @Test
    void claimChain() {
        Bench bench = new Bench();
        bench.tick();
        bench.probe();
        bench.answer(bench.take(Action.ReadLease.class));
        bench.answer(bench.take(Action.CreateEmptyLease.class));
        bench.answer(bench.take(Action.ReadLease.class));
        bench.answer(bench.take(Action.ReadManifest.class));
        Action.WriteLease taking = bench.take(Action.WriteLease.class);
        assertEquals(1, taking.lease().epoch());
        assertEquals(0, taking.lease().claimed());
        bench.answer(taking);
        assertEquals(Phase.CLAIMING, bench.state.phase());
        assertFalse(bench.isPending(Action.WriteLease.class), "confirmed before the claim");
        bench.answer(bench.take(Action.CreateEmptyManifest.class));
        assertEquals(Manifest.EMPTY, bench.api.stored());
        Action.WriteLease asking = bench.take(Action.WriteLease.class);
        assertEquals(0, asking.lease().claimed());
        bench.answer(asking);
        bench.answer(bench.take(Action.WriteManifest.class));
        assertEquals(Phase.CLAIMING, bench.state.phase());
        Action.WriteLease confirming = bench.take(Action.WriteLease.class);
        assertEquals(1, confirming.lease().claimed());
        bench.answer(confirming);
        assertEquals(Phase.OPENING, bench.state.phase());

        bench.jobManagerStarts("jm-1");
        assertInstanceOf(Reply.Wait.class, bench.poll("jm-1", 0), "the lock was not seen yet");
        bench.probe();
        assertInstanceOf(Reply.Wait.class, bench.poll("jm-1", 0), "the start is not committed yet");
        bench.settle();
        Reply.Open open = bench.open("jm-1", 0);
        assertInstanceOf(Start.Fresh.class, open.start());
        assertTrue(open.publish());
        assertEquals(Phase.OPENING, bench.state.phase());
        bench.send(id -> new Event.AddressesOffered(id, "jm-1", 1, Bench.LEADER_ADDRESSES));
        assertEquals(Phase.LEADING, bench.state.phase());
        bench.settle();
        assertEquals(1, bench.api.publishedEpoch());
        assertFalse(bench.open("jm-1", 1).publish());
        assertNull(bench.open("jm-1", 1).start());
    }

    @Test
    void renewalCountsFromWhenItWasSent() {
        Bench bench = new Bench().lead("jm-1");
        bench.run(200);
        while (!bench.isPending(Action.WriteLease.class)) {
            bench.pass(100).tick();
            bench.probe();
        }
        long sentAt = bench.millis;
        Event written = bench.perform(bench.take(Action.WriteLease.class));
        bench.pass(2_000).step(written);
        assertEquals((sentAt + 10_000) * 1_000_000, bench.state.lease.safeUntil);
        assertEquals(8_000, bench.open("jm-1", 1).remainingMillis());
    }

    @Test
    void lateReplyIsDroppedAndTheLeaseIsReadBeforeTheNextWrite() {
        Bench bench = new Bench().lead("jm-1");
        bench.pass(2_000).tick();
        Action.WriteLease slow = bench.take(Action.WriteLease.class);
        long safeUntil = bench.state.lease.safeUntil;
        Event written = bench.perform(slow);
        bench.pass(2_500).tick();
        bench.pass(400).tick();
        bench.step(written);
        assertEquals(safeUntil, bench.state.lease.safeUntil, "a late reply extended it");
        assertFalse(bench.isPending(Action.WriteLease.class), "written without a look");
        bench.answer(bench.take(Action.ReadLease.class));
        bench.answer(bench.take(Action.WriteLease.class));
        assertTrue(bench.state.lease.safeUntil > safeUntil);
        assertEquals(Phase.LEADING, bench.state.phase());
    }

    @Test
    void apiOutageIsRiddenOutUntilTheDeadline() {
        Bench bench = new Bench().lead("jm-1");
        bench.runUnanswered(6_000);
        assertEquals(Phase.LEADING, bench.state.phase());
        bench.run(3_000);
        assertTrue(bench.open("jm-1", 1).remainingMillis() > 7_000);
        bench.runUnanswered(10_200);
        assertEquals(Phase.STEPPING_DOWN, bench.state.phase());
        Reply.Halt halt = assertInstanceOf(Reply.Halt.class, bench.poll("jm-1", 1));
        assertEquals(75, halt.code());
        bench.jobManagerDies();
        bench.run(1_000);
        assertNotNull(bench.exit);
        assertEquals(75, bench.exit.code());
    }

    @Test
    void leaseDeletedReplacedOrClearedWhileLeadingIsRiddenOut() {
        Bench bench = new Bench().lead("jm-1");
        List<Runnable> faults =
                List.of(bench.api::deleteLease, bench.api::clearHolder, bench.api::replaceLease);
        for (Runnable fault : faults) {
            fault.run();
            bench.run(3_000);
            assertEquals(Phase.LEADING, bench.state.phase());
            LeaseRecord lease = bench.api.lease();
            assertNotNull(lease);
            assertEquals("pod-a/uid-a", lease.holder());
            assertEquals(1, lease.claimed(), "the witness is back");
        }
        assertEquals(1, bench.epoch());
    }

    @Test
    void rivalInTheLeaseMeansLost() {
        Bench bench = new Bench().lead("jm-1");
        bench.api.putLease(RIVAL);
        bench.run(3_000);
        assertEquals(Phase.STEPPING_DOWN, bench.state.phase());
        Verdict verdict = bench.state.verdict();
        assertNotNull(verdict);
        assertEquals(Verdict.Cause.LOST, verdict.cause());
        bench.jobManagerDies();
        bench.run(1_000);
        assertEquals(RIVAL.holder(), holder(bench), "the rival's Lease was touched");
    }

    private static String holder(Bench bench) {
        LeaseRecord lease = bench.api.lease();
        return lease == null ? "none" : lease.holder();
    }

    @Test
    void anotherProcessOfThisPodIsARivalToo() {
        Bench bench = new Bench().lead("jm-1");
        bench.api.putLease(new LeaseRecord("pod-a/uid-a", "a2", 1, 1, 0, 15, ""));
        bench.run(3_000);
        assertEquals(Phase.STEPPING_DOWN, bench.state.phase());
    }

    @Test
    void higherEpochInTheManifestFences() {
        Bench bench = new Bench().leadWithCheckpoint("jm-1");
        bench.api.putManifest(
                bench.api.stored().claimedBy(new Leadership(9, "pod-b/uid-b", "t", "r")));
        Reply reply = bench.commit("jm-1", 1, bench.checkpoint(2));
        assertInstanceOf(Reply.Fenced.class, reply);
        assertEquals(Verdict.Cause.FENCED, cause(bench));
        assertEquals(9, bench.api.stored().epoch());
    }

    @Test
    void higherEpochInTheLeaderConfigMapFences() {
        Bench bench = new Bench().lead("jm-1");
        bench.api.putPublishedEpoch(9);
        bench.send(
                id -> new Event.AddressesOffered(id, "jm-1", 1, Map.of("dispatcher", "pekko://x")));
        bench.settle();
        assertEquals(Verdict.Cause.FENCED, cause(bench));
        assertInstanceOf(Reply.Halt.class, bench.poll("jm-1", 1));
    }

    private static Verdict.Cause cause(Bench bench) {
        Verdict verdict = bench.state.verdict();
        assertNotNull(verdict);
        return verdict.cause();
    }

    @Test
    void jobManagerThatEndsMakesANewEpochAndTheOldOneIsHalted() {
        Bench bench = new Bench().leadWithCheckpoint("jm-1");
        bench.jobManagerDies();
        bench.run(400);
        assertEquals(2, bench.epoch());
        assertEquals(Phase.OPENING, bench.state.phase());
        bench.jobManagerStarts("jm-2");
        bench.run(400);
        Start.Resume start = assertInstanceOf(Start.Resume.class, bench.open("jm-2", 0).start());
        assertEquals(List.of(Bench.pointer(1)), start.checkpoints());
        assertEquals(33, start.reservedTo());
        assertInstanceOf(Reply.Halt.class, bench.poll("jm-1", 1));
        assertInstanceOf(
                Reply.Fenced.class, bench.commit("jm-1", 1, bench.checkpoint(2)), "a zombie wrote");
        assertNotEquals(
                bench.incarnation.session(1), bench.incarnation.session(2), "sessions are new");
    }

    @Test
    void publishKeepsTheResumedJobsKey() {
        Bench bench = new Bench().leadWithCheckpoint("jm-1");
        bench.jobManagerDies();
        bench.run(400);
        bench.jobManagerStarts("jm-2");
        bench.run(400);
        bench.open("jm-2", 0);
        bench.send(id -> new Event.AddressesOffered(id, "jm-2", 2, Bench.LEADER_ADDRESSES));
        Action.Publish publish = bench.take(Action.Publish.class);
        assertEquals("job-" + bench.jobId(), publish.keep());
        assertEquals(bench.incarnation.session(2), publish.session());
    }

    @Test
    void publishIsRepeatedUntilItIsWritten() {
        Bench bench = new Bench().lead("jm-1");
        bench.send(id -> new Event.AddressesOffered(id, "jm-1", 1, Map.of("dispatcher", "d")));
        Action.Publish lost = bench.take(Action.Publish.class);
        bench.step(new Event.PublishFailed(lost.call(), Outcome.UNREACHABLE, "no route"));
        assertFalse(bench.isPending(Action.Publish.class), "repeated without a pause");
        bench.pass(400).tick();
        Action.Publish changed = bench.take(Action.Publish.class);
        bench.step(new Event.PublishFailed(changed.call(), Outcome.CONFLICT, "changed"));
        bench.settle();
        assertEquals(Map.of("dispatcher", "d"), bench.api.leaderAddresses());
    }

    @Test
    void addressesOfferedWhileAWriteIsUnderWayAreWrittenNext() {
        Bench bench = new Bench().lead("jm-1");
        bench.send(id -> new Event.AddressesOffered(id, "jm-1", 1, Map.of("dispatcher", "d")));
        Action.Publish first = bench.take(Action.Publish.class);
        bench.send(id -> new Event.AddressesOffered(id, "jm-1", 1, Map.of("dispatcher", "e")));
        assertFalse(bench.isPending(Action.Publish.class), "one at a time");
        bench.answer(first);
        bench.settle();
        assertEquals(Map.of("dispatcher", "e"), bench.api.leaderAddresses());
    }

    /** A person deletes it while nothing changes: TaskManagers that start would find nobody. */
    @Test
    void leaderConfigMapThatIsDeletedComesBackWithinTwoLeaseDurations() {
        Bench bench = new Bench().lead("jm-1");
        bench.api.deleteLeaderConfigMap();
        bench.run(30_200);
        assertEquals(1, bench.api.publishedEpoch());
        assertEquals(Bench.LEADER_ADDRESSES, bench.api.leaderAddresses());
    }

    @Test
    void leaderConfigMapIsWrittenOnceInTwoLeaseDurations() {
        Bench bench = new Bench().lead("jm-1");
        int writes = 0;
        for (long ms = 0; ms < 60_000; ms += 200) {
            bench.pass(200).tick();
            writes += bench.isPending(Action.Publish.class) ? 1 : 0;
            bench.settle();
        }
        assertEquals(2, writes);
    }

    @Test
    void agentThatDoesNotLeadSaysSo() {
        Bench bench = new Bench();
        bench.api.putLease(RIVAL);
        bench.api.putManifest(Manifest.EMPTY.claimedBy(new Leadership(9, "b", "t", "r")));
        bench.run(1_000);
        bench.jobManagerStarts("jm-1");
        bench.settle();
        Reply.Wait wait = assertInstanceOf(Reply.Wait.class, bench.poll("jm-1", 0));
        assertEquals(new WaitReason.LeaseIsHeld("pod-b/uid-b"), wait.reason());
        assertInstanceOf(Reply.Unregistered.class, bench.poll("jm-7", 0));
        assertInstanceOf(
                Reply.Unavailable.class,
                bench.reply(bench.offer("jm-1", 9, new Change.ReserveIds(1, 1))));
        Reply.LeaderAddresses leader =
                assertInstanceOf(
                        Reply.LeaderAddresses.class,
                        bench.reply(bench.send(Event.AddressesAsked::new)));
        assertNull(leader.session());
        bench.run(15_000);
        assertEquals(10, bench.epoch(), "the rival's Lease has expired");
    }

    @Test
    void portThatFailsWithoutANameEndsLeadership() {
        Bench bench = new Bench().lead("jm-1");
        bench.step(new Event.AdapterFailed("WriteLease", "NullPointerException"));
        assertEquals(Verdict.Cause.BROKEN, cause(bench));
        bench.jobManagerDies();
        bench.run(1_000);
        assertNotNull(bench.exit);
        assertEquals(70, bench.exit.code());
        assertEquals("", holder(bench), "the JobManager is dead: the Lease is given back");
    }
}
