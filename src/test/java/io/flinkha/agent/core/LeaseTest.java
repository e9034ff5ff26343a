package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What a contender makes of another one's Lease, and a holder of its own that has changed. */
@NullMarked
class LeaseTest {
    private static final LeaseRecord RIVAL = new LeaseRecord("pod-b/uid-b", "b1", 9, 9, 0, 15, "");

    /** The Lease is another one's, who does nothing any more. */
    private static Bench contender(LeaseRecord lease) {
        Bench bench = new Bench();
        bench.api.putLease(lease);
        bench.api.putManifest(Manifest.EMPTY.claimedBy(new Leadership(9, "b", "t", "r")));
        return bench;
    }

    private static void assertLost(String reason, Bench bench) {
        Verdict verdict = bench.state.verdict();
        assertNotNull(verdict);
        assertEquals(new Verdict(Verdict.Cause.LOST, reason), verdict);
    }

    /** Without a hold its holder's gate closes whoever the API server answers. */
    @Test
    void leaseWithoutAHoldExpiresDuringAnOutageToo() {
        Bench bench = contender(RIVAL);
        bench.run(4_000);
        bench.runUnanswered(20_000);
        bench.run(3_000);
        assertEquals(10, bench.epoch());
    }

    @Test
    void leaseWithAHoldIsWatchedAnewAfterAnOutageOfMoreThanTheRenewDeadline() {
        assertEquals(Phase.CLAIMING, afterOutage(10_000));
        assertEquals(Phase.CONTENDING, afterOutage(10_001));
    }

    /** 15 s after the first look, and so many milliseconds without an answer in between. */
    private static Phase afterOutage(long millis) {
        Bench bench = contender(RIVAL.withHold(6));
        bench.run(2_000);
        long first = bench.state.lease.unchangedSince / 1_000_000;
        long seen = bench.state.lease.seenAt / 1_000_000;
        bench.runUnanswered(seen + 9_800 - bench.millis);
        Call asked = States.leaseCall(bench.state);
        assertNotNull(asked);
        bench.millis = seen + millis;
        bench.step(new Event.LeaseRead(asked.id(), bench.api.lease()));
        bench.run(first + 15_800 - bench.millis);
        return bench.state.phase();
    }

    @Test
    void leaseWithoutAHoldIsTriedAgainSoonAfterAWriteFailed() {
        Bench bench = contender(RIVAL);
        Action.WriteLease taking = WitnessLooksTest.next(bench, Action.WriteLease.class);
        bench.step(new Event.LeaseFailed(taking.call(), Outcome.UNKNOWN, "no space"));
        bench.run(1_000);
        assertEquals(10, bench.epoch());
    }

    /** Its epoch is not known: it halts by its own deadline, or registers. */
    @Test
    void expiredLeaseOfAnotherPodIsNotTakenBesideAJobManagerThatIsNotKnown() {
        Bench bench = contender(RIVAL);
        bench.lock = new Lock.Held("jm-x");
        bench.run(20_000);
        assertEquals(Phase.CONTENDING, bench.state.phase());
        bench.jobManagerDies();
        bench.run(1_000);
        assertEquals(10, bench.epoch());
    }

    @Test
    void besideAJobManagerThatIsNotKnownTheLeaseIsReadAgainAfterAPause() {
        Bench bench = contender(RIVAL);
        bench.lock = new Lock.Held("jm-x");
        bench.run(20_000);
        Action.ReadManifest read = WitnessLooksTest.next(bench, Action.ReadManifest.class);
        bench.answer(read);
        bench.pass(399).tick();
        assertFalse(bench.isPending(Action.ReadLease.class));
        bench.pass(1).tick();
        assertTrue(bench.isPending(Action.ReadLease.class));
    }

    @Test
    void leaseThatAnotherOneTookAndGaveBackIsLost() {
        Bench bench = new Bench().lead("jm-1");
        bench.api.putLease(new LeaseRecord("", "b1", 1, 1, 1, 15, ""));
        bench.run(3_000);
        assertLost("the Lease is held by nobody, epoch 1", bench);
    }

    @Test
    void clearedLeaseOfALaterEpochIsLost() {
        Bench bench = new Bench().lead("jm-1");
        bench.api.putLease(new LeaseRecord("", "a1", 2, 1, 0, 15, ""));
        bench.run(3_000);
        assertLost("the Lease is held by nobody, epoch 2", bench);
    }

    /** About to renew the Lease of its predecessor, beside the JobManager that this one let in. */
    private static Bench reattaching() {
        Bench next = new Bench().leadWithCheckpoint("jm-1").nextProcess("a2");
        next.pass(100).tick();
        while (!next.isPending(Action.WriteLease.class)) {
            next.answer(next.pending.getFirst());
        }
        assertEquals(Phase.REATTACHING, next.state.phase());
        return next;
    }

    @Test
    void agentThatComesBackRenewsOverALeaseThatAPersonHasEdited() {
        Bench next = reattaching();
        next.api.wish(new Wishes("a look", 0, "", 0));
        next.settle();
        assertEquals(1, next.open("jm-1", 1).epoch());
        assertEquals(Phase.LEADING, next.state.phase());
    }

    @Test
    void agentThatComesBackRenewsOverALeaseThatWasCleared() {
        Bench next = reattaching();
        next.api.clearHolder();
        next.settle();
        assertEquals(1, next.open("jm-1", 1).epoch());
    }

    @Test
    void agentThatComesBackGivesWayToWhoTookTheLeaseMeanwhile() {
        Bench next = reattaching();
        next.api.putLease(RIVAL);
        next.settle();
        assertLost("the Lease is held by pod-b/uid-b, epoch 9", next);
        assertEquals(RIVAL.holder(), next.api.lease() == null ? "" : next.api.lease().holder());
    }
}
