package io.flinkha.flink.end;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.agent.OtherEnd;
import io.flinkha.flink.fake.EndedJob;
import io.flinkha.flink.fake.FakeAgent;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.process.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.highavailability.JobResultEntry;
import org.apache.flink.runtime.highavailability.nonha.embedded.EmbeddedJobResultStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannedMoveTest {
    private static final String TERM = "/v1/term";
    private static final String RESULT = "/v1/result";
    private static final String CHECKPOINTS = "/v1/jobs/" + TestJm.JOB + "/checkpoints";
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final FakeAgent.Answer HALT =
            FakeAgent.ok("{\"answer\":\"HALT\",\"code\":143,\"reason\":\"the Job goes on\"}");
    private static final FakeAgent.Answer SHUTDOWN =
            FakeAgent.ok("{\"answer\":\"SHUTDOWN\",\"reason\":\"the Job is suspended\"}");

    @TempDir Path directory;
    private TestJm jm;
    private final AtomicInteger shutdowns = new AtomicInteger();

    @BeforeEach
    void start() throws Exception {
        jm = new TestJm(directory);
        jm.agent.on(CHECKPOINTS, call -> history());
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    private void granted() throws Exception {
        var unused = jm.grant(TestJm.fresh());
        jm.publishRest(jm.agent.address().toString());
    }

    private PlannedMove move(Duration grace) {
        return move(LONG, grace);
    }

    private PlannedMove move(Duration answer, Duration grace) {
        return new PlannedMove(
                jm.client, jm.halt, jm.granted, jm.checkpoints, answer, grace, Duration.ZERO);
    }

    private void sigterm(PlannedMove move) {
        move.sigterm(shutdowns::incrementAndGet);
    }

    private void haltsOn(PlannedMove move) {
        assertThrows(Halt.Halted.class, () -> sigterm(move));
        assertEquals(List.of(Halt.TERMINATED), jm.halt.codes());
        assertEquals(0, shutdowns.get());
    }

    private void shutsDownOn(PlannedMove move) {
        sigterm(move);
        assertEquals(1, shutdowns.get());
        assertTrue(jm.halt.codes().isEmpty());
    }

    private static FakeAgent.Answer history(String... typesAndStates) {
        StringBuilder history = new StringBuilder();
        for (int i = 0; i < typesAndStates.length; i += 2) {
            history.append(i == 0 ? "" : ",")
                    .append("{\"checkpoint_type\":\"")
                    .append(typesAndStates[i])
                    .append("\",\"status\":\"")
                    .append(typesAndStates[i + 1])
                    .append("\"}");
        }
        return FakeAgent.ok("{\"history\":[" + history + "]}");
    }

    private void jobEnds() {
        var unused =
                new ReportingJobResultStore(
                                jm.client,
                                jm.halt,
                                jm.granted,
                                jm.savepoints,
                                jm.finalSavepoint(),
                                new EmbeddedJobResultStore())
                        .createDirtyResultAsync(
                                new JobResultEntry(
                                        EndedJob.as(JobStatus.FINISHED)
                                                .jobId(TestJm.job())
                                                .build()));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shutsDownWhenTheJobIsToStop() throws Exception {
        granted();
        jm.agent.on(TERM, call -> SHUTDOWN);
        shutsDownOn(move(LONG));
        var call = jm.agent.calls(TERM).get(0).json();
        assertEquals(OtherEnd.call(TestJm.JM, TestJm.EPOCH).toString(), call.toString());
    }

    @Test
    void haltsWithTheAgentsCodeAndReason() throws Exception {
        granted();
        jm.agent.on(TERM, call -> HALT);
        haltsOn(move(LONG));
        assertEquals("the Job goes on", jm.halt.reason());
    }

    @Test
    void haltsWhenTheAgentIsSilent() throws Exception {
        granted();
        CountDownLatch halted = new CountDownLatch(1);
        jm.agent.on(
                TERM,
                call -> {
                    await(halted);
                    return SHUTDOWN;
                });
        haltsOn(move(Duration.ofMillis(50), LONG));
        halted.countDown();
        assertTrue(jm.halt.reason().contains("does not say whether the job is to stop"));
    }

    @Test
    void haltsOnEveryAnswerThatIsNone() throws Exception {
        granted();
        for (FakeAgent.Answer answer :
                List.of(
                        FakeAgent.broken(),
                        FakeAgent.unavailable(),
                        FakeAgent.refused(),
                        FakeAgent.of(404, "{\"error\":\"no such call\"}"),
                        FakeAgent.ok("no JSON"),
                        FakeAgent.ok("{\"answer\":\"WAIT\"}"))) {
            jm.agent.on(TERM, call -> answer);
            haltsOn(move(LONG));
        }
    }

    @Test
    void aFencedProcessHaltsAsEver() throws Exception {
        granted();
        jm.agent.on(TERM, call -> FakeAgent.fenced());
        assertThrows(Halt.Halted.class, () -> sigterm(move(LONG)));
        assertEquals(List.of(Halt.GATE_CLOSED), jm.halt.codes());
    }

    @Test
    void haltsUnaskedBeforeAnythingRuns() {
        haltsOn(move(LONG));
        assertTrue(jm.agent.calls(TERM).isEmpty());
    }

    @Test
    void aSecondSignalShutsDownAtOnceAndTheFirstDoesNotHaltAnyMore() throws Exception {
        granted();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        jm.agent.on(
                TERM,
                call -> {
                    asked.countDown();
                    await(second);
                    return HALT;
                });
        PlannedMove move = move(LONG);
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> sigterm(move));
        await(asked);
        shutsDownOn(move);
        second.countDown();
        var unused = first.get(30, TimeUnit.SECONDS);
        assertEquals(1, shutdowns.get());
        assertTrue(jm.halt.codes().isEmpty());
    }

    @Test
    void aResultThatIsBeingRecordedComesFirst() throws Exception {
        granted();
        Run run = jm.run();
        CountDownLatch commit = new CountDownLatch(1);
        jm.agent.on(
                RESULT,
                call -> {
                    await(commit);
                    return FakeAgent.ok();
                });
        jm.agent.on(
                TERM,
                call -> {
                    jobEnds();
                    return HALT;
                });
        CompletableFuture<Boolean> recordedAtShutdown = new CompletableFuture<>();
        CompletableFuture<Void> signal =
                CompletableFuture.runAsync(() ->
                        move(LONG)
                                .sigterm(() ->
                                        recordedAtShutdown.complete(run.isResultAcknowledged())));
        while (run.recorded().getNumberOfDependents() == 0 && !signal.isDone()) {
            Thread.onSpinWait(); // until the signal waits for it
        }
        commit.countDown();
        var unused = signal.get(30, TimeUnit.SECONDS);
        assertTrue(recordedAtShutdown.get(30, TimeUnit.SECONDS));
        assertTrue(jm.halt.codes().isEmpty());
    }

    @Test
    void aResultThatIsNotRecordedInTimeIsLeftToFlinksShutdown() throws Exception {
        granted();
        jm.agent.on(RESULT, call -> FakeAgent.unavailable());
        jobEnds();
        shutsDownOn(move(Duration.ofMillis(1)));
        assertTrue(jm.agent.calls(TERM).isEmpty());
    }

    @Test
    void aJobThatHasEndedIsShutDownUnasked() throws Exception {
        granted();
        jobEnds();
        shutsDownOn(move(LONG));
        assertTrue(jm.run().isDiscarded());
        assertTrue(jm.agent.calls(TERM).isEmpty());
    }

    @Test
    void aStopWithSavepointComesFirst() throws Exception {
        granted();
        jm.agent.on(TERM, call -> HALT);
        jm.agent.on(
                CHECKPOINTS,
                call -> {
                    int calls = jm.agent.calls(CHECKPOINTS).size();
                    if (calls == 1) {
                        return history("SYNC_SAVEPOINT", "IN_PROGRESS", "CHECKPOINT", "COMPLETED");
                    }
                    if (calls == 3) {
                        jobEnds();
                    }
                    return FakeAgent.of(503, "{\"errors\":[\"going down\"]}");
                });
        shutsDownOn(move(LONG));
        assertTrue(jm.run().isDiscarded());
        assertEquals(3, jm.agent.calls(CHECKPOINTS).size());
    }

    @Test
    void aStopWithSavepointThatFailsGivesWay() throws Exception {
        granted();
        jm.agent.on(TERM, call -> HALT);
        jm.agent.onFirst(
                CHECKPOINTS,
                history("SYNC_SAVEPOINT", "COMPLETED"),
                history("CHECKPOINT", "IN_PROGRESS", "SYNC_SAVEPOINT", "COMPLETED"));
        haltsOn(move(LONG));
        assertEquals(2, jm.agent.calls(CHECKPOINTS).size());
    }

    @Test
    void aStopWithSavepointThatTakesTooLongIsLeftToFlinksShutdown() throws Exception {
        granted();
        jm.agent.on(TERM, call -> HALT);
        jm.agent.on(CHECKPOINTS, call -> history("SYNC_SAVEPOINT", "IN_PROGRESS"));
        shutsDownOn(move(Duration.ZERO));
    }

    @Test
    void anOrdinarySavepointOrADeafEndpointDoesNotHoldItUp() throws Exception {
        granted();
        jm.agent.on(TERM, call -> HALT);
        for (FakeAgent.Answer answer :
                List.of(
                        history("SAVEPOINT", "IN_PROGRESS"),
                        history("SYNC_SAVEPOINT", "FAILED"),
                        FakeAgent.of(404, "{\"errors\":[\"no such job\"]}"),
                        FakeAgent.broken())) {
            jm.agent.on(CHECKPOINTS, call -> answer);
            haltsOn(move(LONG));
        }
    }
}
