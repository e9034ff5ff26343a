package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.restart.Start;
import io.flinkha.agent.simulation.SimApiServer;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Two pods of one Job, R22: one leads, the other one waits. */
class StandbyTest {
    private static final Settings PAIR = Bench.SETTINGS.withStandby();

    private final SimApiServer api = new SimApiServer();
    private final Bench leader = new Bench(api, PAIR, "pod-a/uid-a", "a1");
    private final Bench other = new Bench(api, PAIR, "pod-b/uid-b", "b1");

    private LeaseRecord lease() {
        return Objects.requireNonNull(api.lease());
    }

    private void lead() {
        leader.jobManagerStarts("jm-a");
        leader.settle();
        leader.leadWithCheckpoint("jm-a");
    }

    /** From the start to a pod that says that it waits. */
    private void standBy() {
        other.tick();
        other.settle();
        other.jobManagerStarts("jm-b");
        other.settle();
        other.run(400);
        leader.run(PAIR.retryPeriod().toMillis() + 400);
    }

    private void leaderDies() {
        leader.jobManagerDies();
        leader.run(400);
    }

    @Test
    void podWhoseJobManagerWaitsSaysSoOnTheLease() {
        lead();
        other.run(1_000);
        assertEquals("", lease().standby());
        assertFalse(other.state.standsBy());
        standBy();
        assertEquals("pod-b/uid-b", lease().standby());
        assertTrue(other.state.standsBy());
        assertEquals("pod-a/uid-a", lease().holder());
        assertEquals(Phase.LEADING, leader.state.phase());
    }

    @Test
    void podWhoseJobManagerIsGoneTakesItBack() {
        lead();
        standBy();
        other.jobManagerDies();
        other.run(3_000);
        assertEquals("", lease().standby());
        assertFalse(other.state.standsBy());
    }

    @Test
    void leaderWhoseJobManagerDiedReleasesTheLeaseForTheOther() {
        lead();
        standBy();
        leaderDies();
        assertTrue(lease().releasedInOrder());
        assertEquals(Phase.CONTENDING, leader.state.phase());
        assertEquals(0, leader.exits);
        other.step(new Event.LeaseHinted());
        other.settle();
        assertEquals("pod-b/uid-b", lease().holder());
        assertEquals(2, other.epoch());
        assertEquals("", lease().standby());
        other.run(400);
        Reply.Open open = other.open("jm-b", 0);
        assertInstanceOf(Start.Resume.class, open.start());
        Leadership now = api.stored().history().getLast();
        assertEquals("the JobManager ended, in the other pod", now.reason());
    }

    @Test
    void whoHandedOverStandsByOnceItsNextJobManagerWaits() {
        lead();
        standBy();
        leaderDies();
        other.step(new Event.LeaseHinted());
        other.settle();
        other.run(400);
        leader.run(5_000);
        assertEquals("", lease().standby());
        leader.jobManagerStarts("jm-a2");
        leader.settle();
        leader.run(5_000);
        assertEquals("pod-a/uid-a", lease().standby());
        assertEquals("pod-b/uid-b", lease().holder());
    }

    @Test
    void nextJobManagerYieldsToThePodThatTakesOver() {
        lead();
        assertFalse(yields());
        standBy();
        assertTrue(yields());
        leader.jobManagerDies();
        leader.run(100);
        other.step(new Event.LeaseHinted());
        other.settle();
        leader.step(new Event.LeaseHinted());
        leader.settle();
        leader.run(2_000);
        assertEquals("pod-b/uid-b", lease().holder());
        assertTrue(yields());
        leader.run(1_000);
        assertFalse(yields());
    }

    @Test
    void nextJobManagerDoesNotYieldToAPodThatDoesNotTakeOver() {
        lead();
        standBy();
        leader.jobManagerDies();
        leader.run(100);
        assertTrue(yields());
        leader.run(600);
        assertFalse(yields());
        assertEquals("", lease().holder());
    }

    private boolean yields() {
        return Objects.requireNonNull(leader.told).yields();
    }

    @Test
    void nobodyTookItSoItGoesOnItself() {
        lead();
        standBy();
        leaderDies();
        leader.run(5_000);
        assertEquals("", lease().holder());
        leader.jobManagerStarts("jm-a2");
        leader.settle();
        leader.run(400);
        assertEquals("pod-a/uid-a", lease().holder());
        assertInstanceOf(Start.Resume.class, leader.open("jm-a2", 0).start());
        assertEquals(2, leader.epoch());
    }

    @Test
    void withoutAJobManagerItGoesOnAfterALeaseDuration() {
        lead();
        standBy();
        leaderDies();
        leader.run(PAIR.leaseDuration().toMillis() - 2_000);
        assertEquals("", lease().holder());
        leader.run(5_000);
        // It leads, finds the other named and nobody to let in, and gives the Lease away again.
        assertTrue(lease().epoch() > 1);
    }

    /** Its own is there as soon as the other one. */
    @Test
    void nextJobManagerThatIsThereAlreadyIsLetInHere() {
        lead();
        standBy();
        leader.jobManagerStarts("jm-a2");
        leader.run(400);
        assertEquals("pod-a/uid-a", lease().holder());
        assertEquals(2, leader.epoch());
    }

    @Test
    void withoutANamedStandbyItGoesOnInPlace() {
        lead();
        leaderDies();
        assertEquals("pod-a/uid-a", lease().holder());
        assertEquals(2, leader.epoch());
    }

    @Test
    void pausedItStaysWhereItIsUntilItIsResumed() {
        lead();
        standBy();
        api.wish(new Wishes("a look", 0, "", 0));
        leader.run(PAIR.retryPeriod().toMillis() * 2);
        leaderDies();
        assertEquals("pod-a/uid-a", lease().holder());
        assertEquals(Phase.OPENING, leader.state.phase());
        api.wish(Wishes.NONE);
        leader.step(new Event.LeaseHinted());
        leader.settle();
        assertTrue(lease().releasedInOrder());
    }

    @Test
    void jobThatIsOverIsHandedToNobody() {
        lead();
        standBy();
        leader.commit(
                "jm-a",
                1,
                new Change.RecordResult(
                        new JobResult(
                                leader.jobId(),
                                JobResult.Status.FINISHED,
                                "",
                                "2026-12-01T00:00:00Z")));
        leaderDies();
        assertEquals("pod-a/uid-a", lease().holder());
    }

    @Test
    void renewalInFlightIsWaitedFor() {
        lead();
        standBy();
        leader.pass(PAIR.retryPeriod().toMillis());
        leader.tick();
        Action.WriteLease renewal = leader.take(Action.WriteLease.class);
        leader.jobManagerDies();
        leader.settle();
        leader.tick();
        leader.settle();
        assertEquals(Phase.LEADING, leader.state.phase());
        leader.answer(renewal);
        leader.settle();
        leader.tick();
        leader.settle();
        assertTrue(lease().releasedInOrder());
    }

    @Test
    void releaseThatGotLostIsFoundToBeItsOwn() {
        lead();
        standBy();
        leader.jobManagerDies();
        leader.pass(200);
        leader.tick();
        leader.probe();
        leader.take(Action.ReleaseLease.class);
        assertEquals("pod-a/uid-a", lease().holder());
        leader.run(10_000);
        assertTrue(lease().epoch() > 1);
    }

    @Test
    void sigtermHandsOverWithoutCountingAsAnEnd() {
        lead();
        standBy();
        leader.send(id -> new Event.TermAsked(id, "jm-a", 1));
        leader.settle();
        leaderDies();
        assertTrue(lease().releasedInOrder());
        assertEquals("", lease().ended());
    }

    @Test
    void whoWaitsIsToldOfThePlanAndOfTheLeader() {
        lead();
        standBy();
        other.run(11_000);
        Reply.Wait wait = assertInstanceOf(Reply.Wait.class, other.poll("jm-b", 0));
        assertEquals(new Reply.Ahead(leader.jobId(), Bench.PLAN), wait.ahead());
        assertEquals(new Reply.StoredPlan(Bench.PLAN), other.askForPlan("jm-b", 0));
        long first = other.send(Event.AddressesAsked::new);
        assertEquals(new Reply.LeaderAddresses(Map.of(), null), other.reply(first));
        other.run(400);
        long second = other.send(Event.AddressesAsked::new);
        Reply.LeaderAddresses leads =
                assertInstanceOf(Reply.LeaderAddresses.class, other.reply(second));
        assertEquals(Bench.LEADER_ADDRESSES, leads.addresses());
    }

    @Test
    void manifestThatIsGarbledEndsNobodyWhoOnlyWaits() {
        lead();
        standBy();
        api.garbleManifest();
        for (int seconds = 0; seconds < 65; seconds++) {
            leader.run(1_000);
            leader.open("jm-a", 1);
            other.run(1_000);
            var unused = other.poll("jm-b", 0);
        }
        assertNull(other.state.refusal());
        assertInstanceOf(Reply.Wait.class, other.poll("jm-b", 0));
    }

    @Test
    void hintDuringALookIsNotLost() {
        lead();
        standBy();
        other.pass(PAIR.retryPeriod().toMillis());
        other.tick();
        Event early = other.perform(other.take(Action.ReadLease.class));
        leaderDies();
        other.step(new Event.LeaseHinted());
        other.step(early);
        other.settle();
        other.tick();
        other.settle();
        assertEquals("pod-b/uid-b", lease().holder());
    }
}
