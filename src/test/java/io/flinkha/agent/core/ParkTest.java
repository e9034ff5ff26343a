package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.gate.WaitReason;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.JobResult.Status;
import io.flinkha.agent.core.manifest.Parked;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.OnFailed;
import io.flinkha.agent.core.restart.Refusal;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.core.restart.Start;
import io.flinkha.agent.simulation.SimApiServer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A failed job whose Kubernetes Job is suspended, and resumed by a person (R4). */
class ParkTest {
    private static final Settings PARKING = Bench.settings(OnFailed.PARK);
    private static final Parked INTENT = new Parked("job-uid-1", null);

    private final Bench bench =
            new Bench(new SimApiServer(), PARKING, "pod-a/uid-a", "a1").leadWithCheckpoint("jm-1");

    private static Change failed(Bench of) {
        return new Change.RecordResult(new JobResult(of.jobId(), Status.FAILED, "boom", "t"));
    }

    /** The pod that the Job controller makes when the last one is gone; its JobManager asks. */
    private Bench nextPod(String name) {
        Bench next = new Bench(bench.api, PARKING, name + "/uid", name);
        next.millis = bench.millis;
        next.run(20_000);
        next.jobManagerStarts("jm-" + name);
        next.run(1_000);
        return next;
    }

    private void recordFailure() {
        bench.offer("jm-1", 1, failed(bench));
        bench.answer(bench.take(Action.WriteManifest.class));
        bench.answer(bench.take(Action.ReadJob.class));
    }

    private static @Nullable Start startOf(Bench next) {
        return next.open("jm-" + next.incarnation.nonce(), 0).start();
    }

    private static void assertHalted(Bench next) {
        Reply.Halt halt =
                assertInstanceOf(Reply.Halt.class, next.poll("jm-" + next.incarnation.nonce(), 0));
        assertEquals(163, halt.code());
        assertTrue(
                assertInstanceOf(Refusal.JobIsOver.class, halt.refusal()).parked(), halt::toString);
    }

    @Test
    void intentIsCommittedBeforeTheJobIsTold() {
        long offer = bench.offer("jm-1", 1, failed(bench));
        bench.answer(bench.take(Action.WriteManifest.class));
        assertNull(bench.api.stored().parked(), "the result does not wait for the Job");
        bench.answer(bench.take(Action.ReadJob.class));
        assertFalse(bench.isPending(Action.SignalJob.class));
        bench.answer(bench.take(Action.WriteManifest.class));
        assertEquals(INTENT, bench.api.stored().parked());
        assertFalse(bench.answered(offer), "the JobManager could end before the Job is told");
        bench.answer(bench.take(Action.SignalJob.class));
        assertEquals(new Reply.Done(), bench.reply(offer));
        assertTrue(bench.api.job().suspended());
    }

    @Test
    void resumedJobGoesOnFromItsLatestState() {
        recordFailure();
        bench.settle();
        bench.api.showSuspension("t1");
        bench.api.suspend(false);
        bench.api.showSuspension("t2");
        Bench next = nextPod("b");
        Start.Restore start = assertInstanceOf(Start.Restore.class, startOf(next));
        assertEquals(List.of("file:/state/chk-1"), start.candidates());
        assertNull(next.api.stored().result());
        assertNull(next.api.stored().parked());
        assertEquals(1, next.api.signals().size(), "not parked again");
    }

    /** The node is lost before the patch was sent: the pod that follows is no resume. */
    @Test
    void newPodAfterALostSignalParksAndDoesNotRun() {
        recordFailure();
        bench.answer(bench.take(Action.WriteManifest.class));
        assertEquals(List.of(), bench.api.signals());
        Bench next = nextPod("b");
        assertHalted(next);
        assertEquals(List.of(new Signal.Park(INTENT)), next.api.signals());
        assertTrue(next.api.job().suspended());
    }

    /** The node is lost before even the intent was written. */
    @Test
    void newPodWithoutAnIntentParksToo() {
        recordFailure();
        Bench next = nextPod("b");
        assertHalted(next);
        assertEquals(INTENT, next.api.stored().parked());
        assertEquals(1, next.api.signals().size());
    }

    @Test
    void jobManagerWaitsWhileTheJobControllerHasNotSaidThatTheJobWasResumed() {
        recordFailure();
        bench.settle();
        bench.api.showSuspension("t1");
        bench.api.suspend(false);
        Bench next = nextPod("b");
        Reply.Wait wait = assertInstanceOf(Reply.Wait.class, next.poll("jm-b", 0));
        assertEquals(new WaitReason.JobIsUndecided(), wait.reason());
        assertEquals(1, next.api.signals().size(), "a person's resume stands");
        next.api.showSuspension("t2");
        next.run(11_000);
        assertInstanceOf(Start.Restore.class, startOf(next));
    }

    @Test
    void jobManagerWaitsWhileTheJobCannotBeRead() {
        recordFailure();
        bench.settle();
        Bench next = new Bench(bench.api, PARKING, "b/uid", "b");
        next.millis = bench.millis;
        next.jobManagerStarts("jm-b");
        for (long ms = 0; ms < 30_000; ms += 200) {
            next.pass(200).tick();
            for (Action action : List.copyOf(next.pending)) {
                if (action instanceof Action.ReadJob read) {
                    next.pending.remove(action);
                    next.step(new Event.JobFailed(read.call(), Outcome.UNREACHABLE, "no"));
                } else {
                    next.answer(action);
                }
            }
        }
        assertInstanceOf(Reply.Wait.class, next.poll("jm-b", 0));
    }

    /** Another failure needs another resume: the last one's date stands in the intent. */
    @Test
    void lastResumeProvesNothingForTheNextFailure() {
        recordFailure();
        bench.settle();
        bench.api.showSuspension("t1");
        bench.api.suspend(false);
        bench.api.showSuspension("t2");
        Bench second = nextPod("b");
        second.open("jm-b", 0);
        second.offer("jm-b", second.epoch(), failed(second));
        second.answer(second.take(Action.WriteManifest.class));
        second.answer(second.take(Action.ReadJob.class));
        second.answer(second.take(Action.WriteManifest.class));
        assertEquals(new Parked("job-uid-1", "t2"), second.api.stored().parked());
        bench.millis = second.millis;
        Bench third = nextPod("c");
        assertHalted(third);
        assertTrue(third.api.job().suspended());
    }

    /** A resume that came before the failure gets its date after it, and proves nothing. */
    @Test
    void intentWaitsForTheDateOfAResumeThatIsUnderWay() {
        bench.api.suspend(true);
        bench.api.showSuspension("t1");
        bench.api.suspend(false);
        recordFailure();
        assertFalse(bench.isPending(Action.WriteManifest.class));
        bench.api.showSuspension("t2");
        bench.run(11_000);
        assertEquals(new Parked("job-uid-1", "t2"), bench.api.stored().parked());
        assertTrue(bench.api.job().suspended());
    }

    /** An API server that forbids it is not asked thirty times a minute. */
    @Test
    void forbiddenSignalIsRepeatedSeldom() {
        recordFailure();
        bench.answer(bench.take(Action.WriteManifest.class));
        int asked = 0;
        for (long ms = 0; ms < 60_000; ms += 200) {
            for (Action action : List.copyOf(bench.pending)) {
                if (action instanceof Action.SignalJob signal) {
                    asked++;
                    bench.pending.remove(action);
                    bench.step(new Event.JobFailed(signal.call(), Outcome.FORBIDDEN, "no"));
                } else {
                    bench.answer(action);
                }
            }
            bench.pass(200).tick();
        }
        assertTrue(asked >= 5 && asked <= 7, "asked " + asked);
    }

    @Test
    void suspensionOfAPersonIsNotRepeatedAndItsEndIsAResume() {
        bench.api.suspend(true);
        recordFailure();
        bench.settle();
        assertEquals(List.of(), bench.api.signals());
        assertEquals(INTENT, bench.api.stored().parked());
        bench.api.showSuspension("t1");
        bench.api.suspend(false);
        bench.api.showSuspension("t2");
        assertInstanceOf(Start.Restore.class, startOf(nextPod("b")));
    }

    /** Deleted and created anew while the pod of the old one still ends. */
    @Test
    void jobOfTheSameNameThatWasMadeSinceIsNotTold() {
        bench.api.putJob(new JobView("job-uid-2", "9", false, false, false, 0, 6, null, false));
        long offer = bench.offer("jm-1", 1, failed(bench));
        bench.settle();
        assertEquals(new Reply.Done(), bench.reply(offer));
        assertEquals(List.of(), bench.api.signals());
        assertNull(bench.api.stored().parked());
    }
}
