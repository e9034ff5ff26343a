package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.JobResult.Status;
import io.flinkha.agent.core.restart.Refusal;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.core.restart.Start;
import io.flinkha.agent.sentences.Sentences;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people write on the Lease, and what the leader makes of it. */
class WishesTest {
    private static final Wishes PAUSED = new Wishes("since noon", 0, "", 0);
    private static final long RENEWED = 2_400;

    private static Bench leader() {
        return new Bench().leadWithCheckpoint("jm-1");
    }

    @Test
    void leaderThatIsPausedRenewsAndItsJobManagerGoesOn() {
        Bench bench = leader();
        bench.api.wish(PAUSED);
        bench.run(60_000);
        assertEquals(PAUSED, bench.state.wishes());
        assertEquals(1, bench.open("jm-1", 1).epoch());
        assertEquals(new Reply.Done(), bench.commit("jm-1", 1, bench.checkpoint(2)));
    }

    @Test
    void whilePausedNoJobManagerIsLetIn() {
        Bench bench = leader();
        bench.api.wish(PAUSED);
        bench.run(RENEWED);
        bench.jobManagerDies();
        bench.run(1_000);
        bench.jobManagerStarts("jm-2");
        bench.run(30_000);
        Reply.Wait paused = assertInstanceOf(Reply.Wait.class, bench.poll("jm-2", 0));
        assertEquals(
                "paused: no JobManager is let in until somebody calls flink-ha-agent resume",
                Sentences.of(paused.reason()));
        bench.api.wish(Wishes.NONE);
        bench.run(RENEWED);
        assertInstanceOf(Start.Resume.class, bench.open("jm-2", 0).start());
    }

    @Test
    void whilePausedTheJobIsToldNothing() {
        Bench bench = leader();
        bench.api.wish(PAUSED);
        bench.run(RENEWED);
        JobResult failed = new JobResult(bench.jobId(), Status.FAILED, "boom", "t");
        assertEquals(new Reply.Done(), bench.commit("jm-1", 1, new Change.RecordResult(failed)));
        bench.run(30_000);
        assertEquals(List.of(), bench.api.signals());
        bench.api.wish(Wishes.NONE);
        bench.run(RENEWED);
        assertEquals(List.of(new Signal.FailJob()), bench.api.signals());
    }

    @Test
    void leaderThatIsAskedEndsItsJobManagerAndReleasesTheLease() {
        Bench bench = leader();
        bench.api.wish(new Wishes("", 1, "", 0));
        bench.run(RENEWED);
        Reply.Halt halt = assertInstanceOf(Reply.Halt.class, bench.poll("jm-1", 1));
        assertEquals(
                new Reply.Halt(75, new Refusal.GateClosed("somebody asked epoch 1 to end")), halt);
        bench.jobManagerDies();
        bench.run(1_000);
        assertEquals(75, exit(bench).code());
        assertEquals(1, bench.api.lease() == null ? 0 : bench.api.lease().released());

        Bench next = bench.nextProcess("a2").lead("jm-2");
        assertEquals(2, next.epoch());
        for (int i = 0; i < 3; i++) {
            next.run(20_000);
            assertEquals(2, next.open("jm-2", 2).epoch(), "one that was meant for epoch 1");
        }
    }

    /** It would not begin again. */
    @Test
    void whilePausedNobodyIsEnded() {
        Bench bench = leader();
        bench.api.wish(new Wishes("since noon", 1, "", 0));
        bench.run(60_000);
        assertEquals(1, bench.open("jm-1", 1).epoch());
        bench.api.wish(new Wishes("", 1, "", 0));
        bench.run(RENEWED);
        assertInstanceOf(Reply.Halt.class, bench.poll("jm-1", 1));
    }

    @Test
    void oneThatReattachesIsAskedOnceItLeads() {
        Bench bench = leader();
        bench.api.wish(new Wishes("", 1, "", 0));
        Bench next = bench.nextProcess("a2");
        next.tick();
        next.settle();
        assertEquals(Phase.REATTACHING, next.state.phase());
        assertInstanceOf(Reply.Open.class, next.poll("jm-1", 1));
        next.run(RENEWED);
        assertInstanceOf(Reply.Halt.class, next.poll("jm-1", 1));
        next.jobManagerDies();
        next.run(1_000);
        assertEquals(1, next.api.lease() == null ? 0 : next.api.lease().released());
    }

    @Test
    void endsWhilePausedAreNotCounted() {
        Bench bench = leader();
        bench.api.wish(PAUSED);
        bench.run(RENEWED);
        bench.jobManagerDies();
        bench.run(RENEWED);
        bench.api.wish(Wishes.NONE);
        bench.run(RENEWED);
        assertEquals(2, bench.epoch());
        assertEquals(
                "the JobManager ended while paused",
                bench.state.manifest().committed() == null
                        ? ""
                        : bench.state.manifest().committed().history().getLast().reason());
        bench.jobManagerStarts("jm-2");
        bench.run(1_000);
        bench.open("jm-2", 0);
        bench.jobManagerDies();
        bench.run(1_000);
        Moment now = new Moment(bench.state.now(), bench.millis);
        assertEquals(1, bench.machine.failures(bench.state, now));
    }

    @Test
    void stateThatWasAskedForIsTakenOnceByTheNextEpoch() {
        Bench bench = leader();
        bench.api.wish(new Wishes("", 1, "file:/state/sp-1", 1));
        bench.run(RENEWED);
        bench.jobManagerDies();
        bench.run(1_000);

        Bench next = bench.nextProcess("a2");
        next.tick();
        next.settle();
        next.jobManagerStarts("jm-2");
        next.run(400);
        Start.Restore start = assertInstanceOf(Start.Restore.class, next.open("jm-2", 0).start());
        assertEquals(List.of("file:/state/sp-1"), start.candidates());
        next.commit("jm-2", 2, new Change.StorePlan(next.jobId(), "job", Bench.PLAN));

        next.jobManagerDies();
        next.run(1_000);
        next.jobManagerStarts("jm-3");
        next.run(1_000);
        assertInstanceOf(Start.Resume.class, next.open("jm-3", 0).start());
    }

    /** Its own epoch still has a start to hand out: the wish is for the one after it. */
    @Test
    void stateThatWasAskedForIsNothingToTheEpochItNames() {
        Bench bench = leader();
        bench.api.wish(new Wishes("", 0, "file:/state/sp-1", 2));
        bench.run(RENEWED);
        bench.jobManagerDies();
        bench.run(1_000);
        bench.jobManagerStarts("jm-2");
        bench.run(1_000);
        assertInstanceOf(Start.Resume.class, bench.open("jm-2", 0).start());
    }

    private static Action.Exit exit(Bench bench) {
        assertNotNull(bench.exit);
        return bench.exit;
    }

    @Test
    void eachWishLeavesTheOthersAsTheyAre() {
        Wishes all = Wishes.NONE.withPaused("a look").withStepDown(3).withRestore("file:/s", 2);
        assertEquals(new Wishes("a look", 3, "file:/s", 2), all);
        assertEquals(new Wishes("", 3, "file:/s", 2), all.withPaused(""));
    }

    @Test
    void nobodyIsAskedToEndBeforeItsFirstEpoch() {
        assertFalse(Wishes.NONE.end(0));
        assertTrue(Wishes.NONE.withStepDown(1).end(1));
        assertFalse(Wishes.NONE.withStepDown(1).end(2), "no later one is meant");
    }
}
