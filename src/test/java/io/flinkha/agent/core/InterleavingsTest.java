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
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import org.junit.jupiter.api.Test;

/** Orders of events that once went wrong; each was red before the rule that it is named after. */
class InterleavingsTest {
    private static Manifest claimedByAnother(Manifest content, long epoch) {
        return content.claimedBy(
                        new Leadership(epoch, "pod-c/uid-c", "2026-11-22T00:00:00Z", "the other"))
                .withSequence(content.sequence() + 1);
    }

    /** Takes the Lease of an empty cluster; the claim is pending. */
    private static Action.WriteManifest claiming(Bench bench) {
        bench.tick();
        while (!bench.isPending(Action.WriteManifest.class)) {
            bench.answer(bench.pending.getFirst());
        }
        return bench.take(Action.WriteManifest.class);
    }

    @Test
    void claimThatOvertookOursIsLeftAlone() {
        Bench bench = new Bench();
        bench.api.putManifest(
                Manifest.EMPTY
                        .claimedBy(new Leadership(7, "pod-c/uid-c", "t", "r"))
                        .withSequence(9));
        while (!bench.isPending(Action.WriteManifest.class)) {
            if (bench.pending.isEmpty()) {
                bench.pass(200).tick();
            } else {
                bench.answer(bench.pending.getFirst());
            }
        }
        Action.WriteManifest claim = bench.take(Action.WriteManifest.class);
        Manifest late = claimedByAnother(claim.manifest().withReservedTo(65), 8);
        bench.api.putManifest(late);
        bench.answer(claim);
        bench.settle();
        bench.run(1_000);
        assertNotNull(bench.exit);
        assertEquals(75, bench.exit.code());
        assertEquals(late, bench.api.stored(), "what was found is kept");
    }

    /** Found by seed 681847647: an agent that slept wrote an empty first epoch over the second. */
    @Test
    void whoHasNotClaimedWritesOverNothingThatItCannotRead() {
        for (int epoch = 0; epoch <= 1; epoch++) {
            Bench bench = new Bench();
            Action.WriteManifest claim = claiming(bench);
            bench.api.garbleManifest();
            bench.api.putPublishedEpoch(epoch);
            bench.answer(claim);
            bench.run(1_000);
            assertNotNull(bench.exit);
            assertEquals(75, bench.exit.code());
            assertInstanceOf(ManifestView.Garbled.class, bench.api.manifest());
        }
    }

    @Test
    void whoHasNotClaimedDoesNotBringBackAManifestThatWasDeleted() {
        Bench bench = new Bench();
        Action.WriteManifest claim = claiming(bench);
        bench.api.deleteManifest();
        bench.answer(claim);
        bench.run(1_000);
        assertNotNull(bench.exit);
        assertInstanceOf(ManifestView.Absent.class, bench.api.manifest());
    }

    /**
     * Two deletions of the Lease at the very first start: between them another pod may have taken
     * it at once, because no witness knew of anybody.
     */
    @Test
    void unclaimedHolderDoesNotRideOverALeaseThatAnyoneCouldTake() {
        Bench bench = new Bench();
        claiming(bench);
        bench.api.deleteLease();
        bench.run(4_000);
        assertNotNull(bench.exit);
        assertEquals(75, bench.exit.code());
        LeaseRecord lease = bench.api.lease();
        assertTrue(lease == null || !lease.held(), "it wrote over a Lease that was free: " + lease);
    }

    /**
     * Found by seed 824586723 of the first starts: the other one took the Lease that was made anew,
     * claimed, opened its gate, and lost the Lease in turn. Its claim does not make it ours.
     */
    @Test
    void unclaimedHolderDoesNotRideOverALeaseThatAnotherOneHasClaimedAndLost() {
        Bench bench = new Bench();
        claiming(bench);
        bench.api.deleteLease();
        bench.api.putManifest(claimedByAnother(Manifest.EMPTY, 1));
        bench.run(8_000);
        assertNotNull(bench.exit);
        assertEquals(75, bench.exit.code());
        LeaseRecord lease = bench.api.lease();
        assertTrue(lease == null || !lease.held(), "it wrote over the other one's Lease: " + lease);
    }

    /**
     * Found by seeds 157189909 and 602261214: all that knew of an epoch was lost, another one led
     * meanwhile, and a person deleted its manifest. Its empty successor does not say that.
     */
    @Test
    void unclaimedHolderClaimsNoManifestThatIsNewerThanItsLease() {
        Bench bench = new Bench();
        Action.WriteManifest claim = claiming(bench);
        bench.api.deleteLease();
        bench.api.putManifest(Manifest.EMPTY.withSequence(1));
        bench.answer(claim);
        bench.run(8_000);
        assertNotNull(bench.exit);
        assertEquals(75, bench.exit.code());
        assertEquals(Manifest.EMPTY.withSequence(1), bench.api.stored());
    }

    /** Found by seed 20859: what was read before the end came back to life after it. */
    @Test
    void claimThatIsReadAfterTheEndLeadsNowhere() {
        Bench bench = new Bench();
        Action.WriteManifest claim = claiming(bench);
        bench.api.putManifest(claimedByAnother(Manifest.EMPTY, 1));
        bench.answer(claim);
        Event read = bench.perform(bench.take(Action.ReadManifest.class));
        bench.lock = new Lock.Held("jm-1");
        bench.tick();
        bench.probe();
        bench.step(new Event.AdapterFailed("x", "a bug"));
        assertEquals(Phase.STEPPING_DOWN, bench.state.phase());
        bench.step(read);
        assertEquals(Phase.STEPPING_DOWN, bench.state.phase());
        assertEquals(1, bench.epoch());
    }

    /** The mark says that the manifest's epoch was ended; only who claimed it can know that. */
    @Test
    void epochThatWasNotClaimedIsNotReleased() {
        Bench bench = new Bench();
        Action.WriteManifest claim = claiming(bench);
        bench.api.putManifest(claimedByAnother(Manifest.EMPTY, 1));
        bench.step(new Event.StopRequested("test"));
        bench.settle();
        assertNotNull(bench.exit);
        LeaseRecord lease = bench.api.lease();
        assertNotNull(lease);
        assertEquals(0, lease.released(), "released epoch 1, which another one claimed");
        assertEquals(1, claim.manifest().epoch());
    }

    /** An empty holder that keeps another process's nonce was somebody else's Lease. */
    @Test
    void leaseThatWasClearedAfterAnotherHolderIsLost() {
        Bench bench = new Bench();
        claiming(bench);
        bench.api.putLease(new LeaseRecord("", "c1", 1, 1, 0, 15, ""));
        bench.run(3_000);
        assertNotNull(bench.exit);
        assertEquals(75, bench.exit.code());
    }

    /** A look at the lock that is older than the grant must not bury the process that has it. */
    @Test
    void oldLookAtTheLockDoesNotReleaseTheLease() {
        Bench bench = new Bench();
        bench.tick();
        bench.settle();
        bench.tick();
        Event free = bench.perform(bench.take(Action.ProbeLock.class));
        bench.jobManagerStarts("jm-1");
        assertFalse(
                bench.isPending(Action.ProbeLock.class), "a second look overtakes the first one");
        bench.step(free);
        bench.settle();
        bench.run(400);
        assertEquals(new Lock.Held("jm-1"), bench.state.gate.lock);
        bench.open("jm-1", 0);
        bench.step(new Event.StopRequested("test"));
        bench.settle();
        assertNull(bench.exit, "the JobManager lives");
    }

    /** A witness that disagreed because the cluster moved on is not held against it. */
    @Test
    void refusalIsDroppedWhenTheLeaseMovesOn() {
        Bench bench = new Bench();
        bench.api.putLease(new LeaseRecord("", "c1", 7, 7, 7, 15, ""));
        bench.api.putManifest(claimedByAnother(Manifest.EMPTY, 7));
        bench.api.putPublishedEpoch(8);
        bench.lock = new Lock.Free();
        bench.tick();
        bench.settle();
        assertNotNull(bench.state.refusal());
        bench.api.putManifest(claimedByAnother(Manifest.EMPTY, 8));
        bench.api.putLease(new LeaseRecord("pod-b/uid-b", "b1", 8, 8, 0, 15, ""));
        bench.run(2_000);
        assertNull(bench.state.refusal());
        bench.jobManagerStarts("jm-1");
        bench.settle();
        assertInstanceOf(Reply.Wait.class, bench.poll("jm-1", 0));
    }

    /** The commit of the agent process before this one lands after this one's first look. */
    @Test
    void reattachedAgentAdoptsTheLateCommitOfItsPredecessor() {
        Bench first = new Bench().leadWithCheckpoint("jm-1");
        long epoch = first.epoch();
        String job = first.jobId();
        Change result =
                new Change.RecordResult(
                        new JobResult(
                                job, JobResult.Status.FAILED, "boom", "2026-11-22T00:00:00Z"));
        first.offer("jm-1", epoch, result);
        Action.WriteManifest inFlight = first.take(Action.WriteManifest.class);

        Bench second = first.nextProcess("a2");
        second.run(600);
        assertEquals(Phase.REATTACHING, second.state.phase());
        assertInstanceOf(Reply.Open.class, second.poll("jm-1", epoch));
        first.perform(inFlight);
        second.commit("jm-1", epoch, new Change.ReserveIds(33, 32));
        assertNotNull(second.api.stored().result(), "a committed result was taken back");
        second.commit("jm-1", epoch, new Change.ReserveIds(33, 32));
        assertEquals(65, second.api.stored().reservedTo());
    }
}
