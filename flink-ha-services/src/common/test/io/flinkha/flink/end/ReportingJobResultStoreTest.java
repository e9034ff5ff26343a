package io.flinkha.flink.end;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.config.AgentOptions;
import io.flinkha.flink.fake.EndedJob;
import io.flinkha.flink.fake.FakeAgent;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.process.Run;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.client.JobInitializationException;
import org.apache.flink.runtime.highavailability.JobResultEntry;
import org.apache.flink.runtime.highavailability.nonha.embedded.EmbeddedJobResultStore;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.util.FlinkException;
import org.apache.flink.util.SerializedThrowable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportingJobResultStoreTest {
    private static final String PATH = "/v1/result";

    @TempDir Path directory;
    private TestJm jm;
    private ReportingJobResultStore store;
    private Run run;

    @BeforeEach
    void start() throws Exception {
        jm = new TestJm(directory);
        run = jm.grant(TestJm.fresh());
        store = store(jm);
    }

    private static ReportingJobResultStore store(TestJm jm) {
        return new ReportingJobResultStore(
                jm.client,
                jm.halt,
                jm.granted,
                jm.savepoints,
                jm.finalSavepoint(),
                new EmbeddedJobResultStore());
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    private static JobResultEntry entry(JobID id, JobStatus status, Throwable... failure) {
        JobResult.Builder result = EndedJob.as(status).jobId(id);
        if (failure.length > 0) {
            result.serializedThrowable(new SerializedThrowable(failure[0]));
        }
        return new JobResultEntry(result.build());
    }

    @Test
    void completesOnlyAfterTheAcknowledgementAndNeverBlocks() throws Exception {
        CountDownLatch commit = new CountDownLatch(1);
        jm.agent.on(
                PATH,
                call -> {
                    try {
                        commit.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return FakeAgent.ok();
                });
        CompletableFuture<Void> done =
                store.createDirtyResultAsync(entry(TestJm.job(), JobStatus.FINISHED));
        assertFalse(done.isDone());
        assertFalse(run.isResultAcknowledged());
        commit.countDown();
        var unused = done.get(30, TimeUnit.SECONDS);
        assertTrue(run.isDiscarded());
        assertTrue(store.hasDirtyJobResultEntryAsync(TestJm.job()).get());
    }

    @Test
    void tellsOfAFinishedJobWhetherItWasStoppedWithASavepoint() throws Exception {
        var unused =
                store.createDirtyResultAsync(entry(TestJm.job(), JobStatus.FINISHED))
                        .get(30, TimeUnit.SECONDS);
        assertEquals("unknown", jm.agent.calls(PATH).get(0).json().path("savepoint").asText());
    }

    @Test
    void tellsOfASavepointThatTheJobWasCancelledRightAfter() throws Exception {
        jm.publishRest(jm.agent.address().toString());
        jm.agent.on(
                "/v1/jobs/" + TestJm.JOB + "/checkpoints",
                call ->
                        FakeAgent.ok(
                                "{\"history\":[{\"id\":5,\"checkpoint_type\":\"SAVEPOINT\","
                                        + "\"status\":\"COMPLETED\",\"external_path\":\"file:/sp\"}]}"));
        jm.savepoints.handedOut(5);
        var unused =
                store.createDirtyResultAsync(entry(TestJm.job(), JobStatus.CANCELED))
                        .get(30, TimeUnit.SECONDS);
        assertEquals(1, jm.agent.calls("/v1/savepoint").size());
        assertEquals(1, jm.agent.calls(PATH).size());
    }

    @Test
    void tellsTheCause() throws Exception {
        var unused =
                store.createDirtyResultAsync(
                                entry(
                                        TestJm.job(),
                                        JobStatus.FAILED,
                                        new FlinkException(
                                                "suppressed", new IllegalStateException("boom"))))
                        .get(30, TimeUnit.SECONDS);
        var body = jm.agent.calls(PATH).get(0).json();
        assertEquals("FAILED", body.path("status").asText());
        assertTrue(body.path("cause").asText().startsWith("java.lang.IllegalStateException: boom"));
        assertFalse(body.has("savepoint"), "a failed job's state is in its checkpoints");
        assertFalse(run.isDiscarded());
    }

    /** The acknowledgement is what lets Flink delete, so the agent has to know that it will. */
    @Test
    void tellsThatACanceledJobsStateGoes() throws Exception {
        for (AgentOptions.OnCancel onCancel : AgentOptions.OnCancel.values()) {
            Configuration settings = new Configuration();
            settings.setString("flink-ha.on-cancel", onCancel.name().toLowerCase(Locale.ROOT));
            try (TestJm other = new TestJm(directory, settings)) {
                Run cancelled = other.grant(TestJm.fresh());
                var unused =
                        store(other)
                                .createDirtyResultAsync(entry(TestJm.job(), JobStatus.CANCELED))
                                .get(30, TimeUnit.SECONDS);
                boolean goes = onCancel == AgentOptions.OnCancel.DISCARD;
                var body = other.agent.calls(PATH).get(0).json();
                assertEquals(goes, body.path("discards").asBoolean(false));
                assertEquals(goes, cancelled.isDiscarded());
            }
        }
    }

    @Test
    void aRefusalKeepsTheStateAndLetsTheEndGoOn() throws Exception {
        jm.agent.on(PATH, call -> FakeAgent.refused());
        var unused =
                store.createDirtyResultAsync(entry(TestJm.job(), JobStatus.FINISHED))
                        .get(30, TimeUnit.SECONDS);
        assertFalse(run.isResultAcknowledged());
    }

    private static JobResultEntry notInitialised() {
        return entry(
                TestJm.job(),
                JobStatus.FAILED,
                new JobInitializationException(
                        TestJm.job(),
                        "no JobMaster",
                        new IllegalStateException("no operator cbc357ccb763df2852fee8c4fc7d55f2")));
    }

    @Test
    void aJobThatCouldNotBeInitialisedIsAFailedStart() {
        run.restoredFrom("file:/old/chk-7");
        JobResultEntry failed = notInitialised();
        assertThrows(Halt.Halted.class, () -> store.createDirtyResultAsync(failed));
        assertEquals(List.of(Halt.FAILED_START), jm.halt.codes());
        assertTrue(jm.agent.calls(PATH).isEmpty());
        String told = jm.agent.calls("/v1/start-failed").get(0).json().path("reason").asText();
        assertTrue(told.contains("file:/old/chk-7"), told);
        assertTrue(told.contains("cbc357ccb763df2852fee8c4fc7d55f2"), told);
    }

    @Test
    void anAgentThatIsAwayKeepsNoFailedStartFromEnding() {
        jm.agent.on("/v1/start-failed", call -> FakeAgent.unavailable());
        JobResultEntry failed = notInitialised();
        assertThrows(Halt.Halted.class, () -> store.createDirtyResultAsync(failed));
        assertEquals(List.of(Halt.FAILED_START), jm.halt.codes());
    }

    @Test
    void aStoredPlanThatMainDidNotAskForIsNotAResult() {
        JobResultEntry abandoned =
                entry(
                        TestJm.job(),
                        JobStatus.FAILED,
                        new FlinkException("Job recovery is not needed."));
        assertThrows(Halt.Halted.class, () -> store.createDirtyResultAsync(abandoned));
        assertTrue(jm.agent.calls(PATH).isEmpty());
    }

    @Test
    void anotherJobsEndIsNotThisRuns() throws Exception {
        var unused =
                store.createDirtyResultAsync(entry(new JobID(), JobStatus.FINISHED))
                        .get(30, TimeUnit.SECONDS);
        assertTrue(jm.agent.calls(PATH).isEmpty());
        assertFalse(run.isResultAcknowledged());
    }
}
