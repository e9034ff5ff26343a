package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.gate.WaitReason;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.JobResult.Status;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.OnFailed;
import io.flinkha.agent.core.restart.PodView;
import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.Signal;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the Kubernetes Job is told, when, and what a JobManager under SIGTERM is told from it. */
class JobSignalTest {
    private static JobView job(boolean suspended, boolean deleting, boolean over) {
        return new JobView(
                "job-uid-1", "7", suspended, deleting, over, 0, Integer.MAX_VALUE, null, false);
    }

    private static Change failed(Bench bench) {
        return new Change.RecordResult(new JobResult(bench.jobId(), Status.FAILED, "boom", "t"));
    }

    private static Bench leader() {
        return new Bench().leadWithCheckpoint("jm-1");
    }

    @Test
    void failedJobIsToldBetweenTheCommitAndTheAnswer() {
        Bench bench = leader();
        long offer = bench.offer("jm-1", 1, failed(bench));
        bench.answer(bench.take(Action.WriteManifest.class));
        assertFalse(bench.answered(offer), "the JobManager could end before the Job is told");
        bench.answer(bench.take(Action.ReadJob.class));
        assertFalse(bench.answered(offer));
        bench.answer(bench.take(Action.SignalJob.class));
        assertEquals(new Reply.Done(), bench.reply(offer));
        assertEquals(List.of(new Signal.FailJob()), bench.api.signals());
    }

    @Test
    void nothingIsToldBeforeTheCommit() {
        Bench bench = leader();
        bench.offer("jm-1", 1, failed(bench));
        assertFalse(bench.isPending(Action.ReadJob.class));
        assertFalse(bench.isPending(Action.SignalJob.class));
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"FINISHED", "CANCELED"})
    void jobThatEndedWellIsNotToldAnything(Status status) {
        Bench bench = leader();
        JobResult result = new JobResult(bench.jobId(), status, "", "t");
        assertEquals(new Reply.Done(), bench.commit("jm-1", 1, new Change.RecordResult(result)));
        assertEquals(List.of(), bench.api.signals());
    }

    /** An API server that refuses must not keep a JobManager alive whose job has failed. */
    @Test
    void answerWaitsForTheSignalOnlySoLong() {
        Bench bench = leader();
        long offer = bench.offer("jm-1", 1, failed(bench));
        bench.answer(bench.take(Action.WriteManifest.class));
        for (long ms = 0; ms < 10_000; ms += 200) {
            assertFalse(bench.answered(offer), "after %d ms".formatted(ms));
            bench.pass(200).tick();
            for (Action action : List.copyOf(bench.pending)) {
                if (action instanceof Action.ReadJob read) {
                    bench.pending.remove(action);
                    bench.step(new Event.JobFailed(read.call(), Outcome.FORBIDDEN, "no"));
                } else {
                    bench.answer(action);
                }
            }
        }
        assertEquals(new Reply.Done(), bench.reply(offer));
        assertEquals(List.of(), bench.api.signals());
    }

    @Test
    void signalIsRepeatedOverTheNextAgentUntilTheJobSaysIt() {
        Bench bench = leader();
        bench.offer("jm-1", 1, failed(bench));
        bench.answer(bench.take(Action.WriteManifest.class));
        bench.jobManagerDies();
        Bench next = bench.nextProcess("a2");
        next.run(3_000);
        assertEquals(List.of(new Signal.FailJob()), next.api.signals());
        next.run(30_000);
        assertEquals(1, next.api.signals().size(), "told once, since the Job says it already");
    }

    @Test
    void changeOfAPersonIsReadBeforeTheJobIsTold() {
        Bench bench = leader();
        bench.offer("jm-1", 1, failed(bench));
        bench.answer(bench.take(Action.WriteManifest.class));
        bench.answer(bench.take(Action.ReadJob.class));
        Action.SignalJob late = bench.take(Action.SignalJob.class);
        bench.api.putJob(job(true, false, false));
        bench.answer(late);
        bench.settle();
        assertEquals(List.of(), bench.api.signals(), "a person's suspend stands");
    }

    @Test
    void jobOfAnotherRevisionIsNotFailedForTheLastOne() {
        Bench bench = leader();
        bench.commit("jm-1", 1, failed(bench));
        Settings settings = Bench.settings(OnFailed.FAIL, "job-uid-2");
        assertEquals(null, settings.restart().due(bench.api.stored(), settings.controllerUid(), 0));
    }

    @Test
    void jobManagerThatEndsAgainAndAgainIsGivenUp() {
        Bench bench = leader();
        for (int end = 1; end <= 5; end++) {
            assertEquals(List.of(), bench.api.signals());
            bench.jobManagerDies();
            bench.run(1_000);
            String jm = "jm-" + (end + 1);
            bench.jobManagerStarts(jm);
            bench.run(1_000);
            if (end < 5) {
                bench.open(jm, 0);
            }
        }
        assertEquals(List.of(new Signal.GiveUp()), bench.api.signals());
        Reply.Wait wait = assertInstanceOf(Reply.Wait.class, bench.poll("jm-6", 0));
        assertEquals(new WaitReason.JobIsToldToFail(), wait.reason());
    }

    /** It dies before the jar is loaded: only its supervisor sees that. */
    @Test
    void jobManagerThatNeverRegistersIsGivenUp() {
        Bench bench = new Bench();
        bench.ends = ends(4, 1);
        bench.run(30_000);
        assertEquals(List.of(), bench.api.signals());
        bench.ends = ends(5, 1);
        bench.run(30_000);
        int told = bench.api.signals().size();
        assertTrue(told > 1 && told <= 3, "repeated every 10 s until the Job shows it: " + told);
        bench.api.putJob(job(false, false, true));
        bench.run(30_000);
        assertEquals(told, bench.api.signals().size());
    }

    @Test
    void podIsNotReadWhileItsJobManagerLives() {
        Bench bench = leader();
        for (long ms = 0; ms < 60_000; ms += 200) {
            bench.pass(200).tick();
            assertFalse(bench.isPending(Action.ReadPod.class));
            assertFalse(bench.isPending(Action.ReadJob.class));
            bench.settle();
        }
    }

    private static List<ProcessEnd> ends(int count, int exitCode) {
        return LongStream.rangeClosed(1, count)
                .mapToObj(number -> new ProcessEnd(number, exitCode, 2, 1))
                .toList();
    }

    private static PodView pod(String uid, boolean ended) {
        return new PodView(uid, false, ended);
    }

    /** The holder's pod ended; its Lease would be held for another 15 s. */
    @Test
    void contenderTakesTheLeaseOfAPodThatHasEndedForSure() {
        for (boolean ended : List.of(true, false)) {
            Bench holder = leader();
            holder.api.putPod("pod-a", pod("uid-a", ended));
            Bench rival = new Bench(holder.api, "pod-b/uid-b", "b1");
            rival.run(3_000);
            assertEquals(ended ? 2 : 0, rival.epoch());
        }
    }

    @Test
    void podOfTheSameNameIsNotTheSamePod() {
        Bench holder = leader();
        holder.api.putPod("pod-a", pod("uid-a2", true));
        Bench rival = new Bench(holder.api, "pod-b/uid-b", "b1");
        rival.run(3_000);
        assertEquals(0, rival.epoch());
    }

    @Test
    void jobManagerUnderSigtermVanishesUnlessNobodyGoesOn() {
        assertInstanceOf(Reply.Vanish.class, asked(job(false, false, false)));
        assertInstanceOf(Reply.ShutDown.class, asked(job(true, false, false)));
        assertInstanceOf(Reply.ShutDown.class, asked(job(false, true, false)));
        assertInstanceOf(Reply.ShutDown.class, asked(job(false, false, true)));
        assertInstanceOf(Reply.ShutDown.class, asked(null));
    }

    private static Reply asked(@Nullable JobView job) {
        Bench bench = leader();
        bench.api.putJob(job);
        long request = bench.send(id -> new Event.TermAsked(id, "jm-1", 1));
        assertFalse(bench.answered(request), "answered from memory");
        bench.settle();
        return bench.reply(request);
    }

    /** Its pod is deleted: between two epochs the Lease could not be released. */
    @Test
    void podThatEndsLeavesItsLeaseToTheNextOne() {
        Bench bench = leader();
        bench.send(id -> new Event.TermAsked(id, "jm-1", 1));
        bench.settle();
        bench.jobManagerDies();
        bench.tick();
        bench.probe();
        bench.step(new Event.StopRequested("SIGTERM"));
        bench.settle();
        assertNotNull(bench.exit);
        Bench next = new Bench(bench.api, "pod-b/uid-b", "b1");
        next.millis = bench.millis;
        next.run(1_000);
        assertEquals(2, next.epoch());
    }

    /** Only the container was asked to end: its next process is not kept waiting. */
    @Test
    void jobManagerThatComesBackAfterASigtermLeadsOn() {
        Bench bench = leader();
        bench.send(id -> new Event.TermAsked(id, "jm-1", 1));
        bench.settle();
        bench.jobManagerDies();
        bench.run(2_000);
        assertEquals(1, bench.epoch());
        bench.jobManagerStarts("jm-2");
        bench.run(1_000);
        bench.open("jm-2", 0);
        assertEquals(2, bench.epoch());
    }

    /** One that does not come back is counted like any other that is missing. */
    @Test
    void podThatDoesNotEndAfterASigtermMakesReady() {
        Bench bench = leader();
        bench.send(id -> new Event.TermAsked(id, "jm-1", 1));
        bench.settle();
        bench.jobManagerDies();
        bench.run(61_000);
        assertEquals(2, bench.epoch());
    }

    @Test
    void jobManagerOfAnotherEpochIsFenced() {
        Bench bench = leader();
        long request = bench.send(id -> new Event.TermAsked(id, "jm-0", 1));
        assertInstanceOf(Reply.Fenced.class, bench.reply(request));
        assertFalse(bench.isPending(Action.ReadJob.class));
    }

    /** An agent that has just been restarted does not serve it yet, and can still ask. */
    @Test
    void restartedAgentAsksTheJobToo() {
        Bench next = leader().nextProcess("a2");
        next.api.putJob(job(true, false, false));
        long request = next.send(id -> new Event.TermAsked(id, "jm-1", 1));
        next.settle();
        assertInstanceOf(Reply.ShutDown.class, next.reply(request));
    }

    @Test
    void unreadableJobIsSaidAtOnce() {
        Bench bench = leader();
        long request = bench.send(id -> new Event.TermAsked(id, "jm-1", 1));
        Action.ReadJob read = bench.take(Action.ReadJob.class);
        bench.step(new Event.JobFailed(read.call(), Outcome.UNREACHABLE, "no route"));
        assertInstanceOf(Reply.Unavailable.class, bench.reply(request));
    }
}
