package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import io.flinkha.agent.core.restart.OnFailed;
import io.flinkha.agent.core.restart.Refusal;
import io.flinkha.agent.core.restart.Start;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Starts and ends of the two processes of a pod, and what a start is refused for. */
class ProcessesTest {
    @Test
    void agentReattachesToTheJobManagerOfTheSameEpoch() {
        Bench first = new Bench().leadWithCheckpoint("jm-1");
        Bench second = first.nextProcess("a2");
        second.pass(100).tick();
        assertInstanceOf(Reply.Wait.class, second.poll("jm-1", 1));
        second.probe();
        while (!second.isPending(Action.WriteLease.class)) {
            second.answer(second.pending.getFirst());
        }
        assertEquals(Phase.REATTACHING, second.state.phase());
        assertInstanceOf(Reply.Wait.class, second.poll("jm-1", 1), "nothing before the renewal");
        second.settle();
        Reply.Open open = second.open("jm-1", 1);
        assertEquals(1, open.epoch());
        assertEquals(first.open("jm-1", 1).session(), open.session(), "it was granted that one");
        assertTrue(open.publish(), "the addresses are unknown to this process");
        assertEquals(Phase.LEADING, second.state.phase());
        assertEquals(new Reply.Done(), second.commit("jm-1", 1, second.checkpoint(2)));
    }

    /** A "none" too early made the JobManager reject a plan that was there, and run main(). */
    @Test
    void agentThatHasNotReattachedYetDoesNotSayThatThereIsNoPlan() {
        Bench first = new Bench().leadWithCheckpoint("jm-1");
        assertEquals(new Reply.StoredPlan(Bench.PLAN), first.askForPlan("jm-1", 1));
        Bench second = first.nextProcess("a2");
        second.run(400);
        assertEquals(Phase.REATTACHING, second.state.phase());
        assertInstanceOf(Reply.Unavailable.class, second.askForPlan("jm-1", 1));
        second.open("jm-1", 1);
        assertEquals(new Reply.StoredPlan(Bench.PLAN), second.askForPlan("jm-1", 1));
        assertInstanceOf(Reply.Fenced.class, second.askForPlan("jm-2", 1));
    }

    @Test
    void jobManagerThatDiesBeforeTheReattachmentMakesANewEpoch() {
        Bench first = new Bench().leadWithCheckpoint("jm-1");
        Bench second = first.nextProcess("a2");
        second.run(400);
        assertEquals(Phase.REATTACHING, second.state.phase());
        second.jobManagerDies();
        second.run(400);
        assertEquals(2, second.epoch());
    }

    @Test
    void agentThatFindsTheLockFreeGoesOnWithANewEpoch() {
        Bench first = new Bench().leadWithCheckpoint("jm-1");
        first.jobManagerDies();
        Bench second = first.nextProcess("a2");
        second.run(400);
        assertEquals(Phase.OPENING, second.state.phase());
        assertEquals(2, second.epoch());
    }

    @Test
    void jobManagerThatAnAgentDoesNotKnowRegistersAgain() {
        Bench first = new Bench();
        first.run(400);
        first.jobManagerStarts("jm-1");
        first.settle();
        Bench second = first.nextProcess("a2");
        second.run(400);
        assertInstanceOf(Reply.Unregistered.class, second.poll("jm-1", 0));
        second.jobManagerStarts("jm-1");
        second.run(600);
        assertEquals(2, second.open("jm-1", 0).epoch());
    }

    @Test
    void grantWhoseReplyWasLostIsGivenAgain() {
        Bench bench = new Bench();
        bench.run(400);
        bench.jobManagerStarts("jm-1");
        bench.run(400);
        Start start = bench.open("jm-1", 0).start();
        assertNotNull(start);
        assertEquals(start, bench.open("jm-1", 0).start());
    }

    @Test
    void lockThatIsBeingWrittenProvesNothing() {
        Bench bench = new Bench().lead("jm-1");
        bench.lock = new Lock.Held("");
        bench.run(400);
        assertEquals(1, bench.epoch(), "taken for dead");
        bench.lock = new Lock.Held("jm-2");
        bench.run(400);
        assertEquals(2, bench.epoch(), "another process holds the lock: jm-1 is dead");
    }

    @Test
    void stopWithADeadJobManagerReleasesTheLease() {
        Bench bench = new Bench().lead("jm-1");
        bench.jobManagerDies();
        bench.step(new Event.StopRequested("SIGTERM"));
        bench.settle();
        assertNotNull(bench.exit);
        assertEquals(0, bench.exit.code());
        assertEquals(1, bench.exits, "it ends once");
        LeaseRecord lease = bench.api.lease();
        assertNotNull(lease);
        assertTrue(lease.releasedInOrder(), lease.toString());
        assertEquals(1, lease.released());

        Bench next = new Bench(bench.api, "pod-b/uid-b", "b1");
        next.run(400);
        assertEquals(2, next.epoch(), "taken at once");
        LeaseRecord taken = bench.api.lease();
        assertNotNull(taken);
        assertEquals(0, taken.released(), "every acquisition removes the mark");
    }

    @Test
    void stopWithALivingJobManagerReleasesNothing() {
        Bench bench = new Bench().lead("jm-1");
        bench.step(new Event.StopRequested("SIGTERM"));
        bench.run(1_400);
        assertNull(bench.exit);
        bench.open("jm-1", 1);
        bench.run(200);
        assertNotNull(bench.exit);
        assertEquals(0, bench.exit.code());
        LeaseRecord lease = bench.api.lease();
        assertNotNull(lease);
        assertEquals("pod-a/uid-a", lease.holder());
        assertEquals(0, lease.released());
        assertEquals(0, bench.tick().size(), "a process that has ended does nothing");
    }

    @Test
    void contenderStopsAtOnce() {
        Bench bench = new Bench();
        bench.api.putLease(new LeaseRecord("pod-b/uid-b", "b1", 9, 9, 0, 15, ""));
        bench.run(400);
        bench.step(new Event.StopRequested("SIGTERM"));
        assertNotNull(bench.exit);
        assertEquals(0, bench.exit.code());
    }

    /**
     * R4: it ended in this Job; a new process is told so, whatever its code, a new Job's is not.
     */
    @Test
    void jobThatFailedIsNotRunAgain() {
        Bench bench = new Bench().leadWithCheckpoint("jm-1");
        JobResult failed = new JobResult(bench.jobId(), JobResult.Status.FAILED, "boom", "t");
        assertEquals(new Reply.Done(), bench.commit("jm-1", 1, new Change.RecordResult(failed)));
        bench.jobManagerDies();
        bench.run(4_000);
        assertEquals(1, bench.epoch(), "nothing is led any more");
        bench.jobManagerStarts("jm-2");
        bench.run(600);
        Reply.Halt halt = assertInstanceOf(Reply.Halt.class, bench.poll("jm-2", 0));
        assertEquals(163, halt.code());
        bench.jobManagerDies();
        bench.run(600);
        bench.jobManagerStarts("jm-3", "code-2");
        bench.run(600);
        assertInstanceOf(Reply.Halt.class, bench.poll("jm-3", 0));
        Settings ofNewJob = Bench.settings(OnFailed.FAIL, "job-uid-2");
        Bench next = new Bench(bench.api, ofNewJob, "pod-b/uid-b", "b1");
        next.millis = bench.millis;
        next.run(20_000);
        next.jobManagerStarts("jm-4", "code-2");
        next.run(600);
        Start.Restore start = assertInstanceOf(Start.Restore.class, next.open("jm-4", 0).start());
        assertEquals("file:/state/chk-1", start.candidates().getFirst());
    }

    @Test
    void damagedPlanIsRestoredInstead() {
        Bench bench = new Bench().leadWithCheckpoint("jm-1");
        bench.damaged.put(Bench.PLAN.sha256(), "its bytes are not what its name says");
        bench.jobManagerDies();
        bench.run(400);
        bench.jobManagerStarts("jm-2");
        bench.run(600);
        Start.Restore start = assertInstanceOf(Start.Restore.class, bench.open("jm-2", 0).start());
        assertTrue(start.reason().contains("its bytes"), start.reason());
    }

    @Test
    void storageThatDoesNotAnswerIsAskedAgain() {
        Bench bench = new Bench().leadWithCheckpoint("jm-1");
        bench.jobManagerDies();
        bench.tick();
        bench.probe();
        while (!bench.isPending(Action.CheckPlan.class)) {
            bench.answer(bench.pending.getFirst());
        }
        Action.CheckPlan check = bench.take(Action.CheckPlan.class);
        bench.step(new Event.StorageUnreachable(check.call(), "S3 answers 503"));
        bench.jobManagerStarts("jm-2");
        bench.probe();
        assertInstanceOf(Reply.Wait.class, bench.poll("jm-2", 0));
        bench.run(1_000);
        assertInstanceOf(Start.Resume.class, bench.open("jm-2", 0).start());
    }

    /** R6: three witnesses; a manifest that was lost does not make an empty start. */
    @Test
    void startIsRefusedWhenTheWitnessesDisagree() {
        Manifest old = Manifest.EMPTY.claimedBy(new Leadership(3, "b", "t", "r"));
        refuses(new LeaseRecord("", "b1", 7, 7, 7, 15, ""), null, 0);
        refuses(new LeaseRecord("", "", 0, 0, 0, 0, ""), null, 7);
        refuses(new LeaseRecord("", "b1", 7, 7, 7, 15, ""), old, 0);
        refuses(new LeaseRecord("", "", 0, 0, 0, 0, ""), old, 7);
    }

    private static void refuses(LeaseRecord lease, @Nullable Manifest manifest, long seen) {
        Bench bench = new Bench();
        bench.api.putLease(lease);
        if (manifest != null) {
            bench.api.putManifest(manifest);
        }
        bench.api.putPublishedEpoch(seen);
        bench.jobManagerStarts("jm-1");
        bench.run(20_000);
        assertEquals(Phase.CONTENDING, bench.state.phase());
        Reply.Halt halt = assertInstanceOf(Reply.Halt.class, bench.poll("jm-1", 0));
        assertEquals(78, halt.code());
        assertInstanceOf(Refusal.ManifestLost.class, halt.refusal());
        assertEquals(0, bench.api.written().size());
        bench.api.putManifest(Manifest.EMPTY.claimedBy(new Leadership(7, "b", "t", "r")));
        bench.run(4_000);
        assertInstanceOf(Start.Fresh.class, bench.open("jm-1", 0).start());
    }

    @Test
    void manifestOfANewerAgentIsRefusedByName() {
        Bench bench = new Bench();
        bench.api.putManifestOfNewerAgent();
        bench.jobManagerStarts("jm-1");
        bench.run(2_000);
        Reply.Halt halt = assertInstanceOf(Reply.Halt.class, bench.poll("jm-1", 0));
        assertEquals(78, halt.code());
        assertInstanceOf(Refusal.ManifestOfNewerAgent.class, halt.refusal());
    }

    @Test
    void manifestThatCannotBeReadIsRefused() {
        Bench bench = new Bench();
        bench.api.garbleManifest();
        bench.jobManagerStarts("jm-1");
        bench.run(2_000);
        Reply.Halt halt = assertInstanceOf(Reply.Halt.class, bench.poll("jm-1", 0));
        assertEquals(78, halt.code());
        assertInstanceOf(Refusal.ManifestUnreadable.class, halt.refusal());
    }
}
