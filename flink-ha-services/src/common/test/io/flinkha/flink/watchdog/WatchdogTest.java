package io.flinkha.flink.watchdog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.fake.FakeAgent;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchdogTest {
    private static final String JOB = "/v1/jobs/" + TestJm.JOB;
    private static final String STATUS = JOB + "/status";
    private static final String CHECKPOINTS = JOB + "/checkpoints";
    private static final String SETTINGS = CHECKPOINTS + "/config";

    /** Looks without an answer until that is a hang. */
    private static final long ENOUGH = MainThreads.PATIENCE_NANOS / MainThreads.INTERVAL_NANOS + 1;

    private static final FakeAgent.Answer RELAYED =
            FakeAgent.of(
                    500,
                    "{\"errors\":[\"Internal server error.\",\"<Exception on server side:\\n"
                            + "java.util.concurrent.TimeoutException: Invocation of"
                            + " [LocalRpcInvocation(requestJobStatus)] timed out.\"]}");

    @TempDir Path directory;
    private TestJm jm;

    @BeforeEach
    void start() throws Exception {
        jm = new TestJm(directory);
        var unused = jm.grant(TestJm.fresh());
        jm.publishRest(jm.agent.address().toString());
        publishJobMaster(known("pekko.tcp://flink@127.0.0.1:6123/user/rpc/jobmanager_2"));
        jm.agent.on(SETTINGS, call -> settings(60_000, 600_000, 0, 0));
        jm.agent.on(CHECKPOINTS, call -> FakeAgent.ok("{\"history\":[]}"));
        status("RUNNING");
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    private static LeaderInformation known(String address) {
        return LeaderInformation.known(UUID.randomUUID(), address);
    }

    private void publishJobMaster(LeaderInformation jobMaster) {
        jm.addresses.publish("job-" + TestJm.JOB, jobMaster);
    }

    private void status(String status) {
        jm.agent.on(STATUS, call -> FakeAgent.ok("{\"status\":\"" + status + "\"}"));
    }

    private void silence() {
        jm.agent.silence(STATUS, FakeAgent.ok("{\"status\":\"RUNNING\"}"));
    }

    private static FakeAgent.Answer settings(
            long interval, long timeout, long pause, long tolerable) {
        return FakeAgent.ok(
                "{\"mode\":\"exactly_once\",\"interval\":"
                        + interval
                        + ",\"timeout\":"
                        + timeout
                        + ",\"min_pause\":"
                        + pause
                        + ",\"tolerable_failed_checkpoints\":"
                        + tolerable
                        + ",\"new_in_a_release\":{}}");
    }

    private CompletableFuture<?> lookLater() {
        jm.nanos.addAndGet(MainThreads.INTERVAL_NANOS);
        return jm.watchdog.look();
    }

    /** Each look has its answer before the next. */
    private void look(long times) {
        for (long i = 0; i < times; i++) {
            var unused = lookLater().join();
        }
    }

    private void lookInVain(long times) {
        for (long i = 0; i < times; i++) {
            var unused = lookLater();
        }
    }

    private boolean hangs() {
        return jm.watchdog.watched().hung().isPresent();
    }

    private long progressMillis() {
        look(2);
        return jm.watchdog.watched().progressMillis().orElseThrow();
    }

    @Test
    void aMainThreadThatAnswersDoesNotHang() {
        look(3 * ENOUGH);
        assertFalse(hangs());
    }

    @Test
    void silenceIsAHangOnceItHasLastedForLongEnough() {
        look(1);
        silence();
        lookInVain(ENOUGH - 1);
        assertFalse(hangs());
        lookInVain(1);
        String said = jm.watchdog.watched().hung().orElseThrow();
        assertTrue(said.contains("has not been answered for 40 s"), said);
    }

    @Test
    void oneAnswerToAnyQuestionEndsIt() {
        look(1);
        silence();
        CompletableFuture<?> first = lookLater();
        lookInVain(ENOUGH);
        assertTrue(hangs());
        CompletableFuture<?> last = lookLater();
        jm.agent.speak();
        var unused = CompletableFuture.allOf(first, last).join();
        assertFalse(hangs());
    }

    @Test
    void thePollTellsIt() {
        look(2);
        silence();
        lookInVain(ENOUGH);
        jm.agent.on("/v1/gate", call -> FakeAgent.ok(TestJm.open(45_000, null)));
        var unused = jm.gate.pollOnce();
        List<FakeAgent.Call> polls = jm.agent.calls("/v1/gate");
        JsonNode first = polls.get(0).json();
        assertFalse(first.has("hung") || first.has("progressMillis"), first.toString());
        JsonNode last = polls.get(polls.size() - 1).json();
        assertEquals(jm.watchdog.watched().hung().orElseThrow(), last.path("hung").asText());
        assertEquals(1_200_000, last.path("progressMillis").asLong());
    }

    @Test
    void anErrorIsAnAnswer() {
        look(1);
        for (int status : new int[] {404, 500, 503}) {
            jm.agent.on(STATUS, call -> FakeAgent.of(status, "{\"errors\":[\"no\"]}"));
            look(ENOUGH);
            assertFalse(hangs());
        }
    }

    /** It says that the endpoint itself got no answer within web.timeout. */
    @Test
    void theErrorThatTellsOfSilenceIsNone() {
        look(1);
        jm.agent.on(STATUS, call -> RELAYED);
        look(ENOUGH);
        assertTrue(hangs());
        status("RUNNING");
        look(1);
        assertFalse(hangs());
    }

    @Test
    void anEndpointThatIsNotReachedDoesNotHang() {
        look(1);
        jm.agent.on(STATUS, call -> FakeAgent.broken());
        look(ENOUGH);
        assertFalse(hangs());
        jm.publishRest("http://127.0.0.1:1");
        look(ENOUGH);
        assertFalse(hangs());
    }

    @Test
    void anEndpointThatIsTakenBackDoesNotHang() {
        look(1);
        silence();
        lookInVain(ENOUGH);
        assertTrue(hangs());
        jm.addresses.publish("restserver", LeaderInformation.empty());
        look(1);
        assertFalse(hangs());
    }

    @Test
    void aJobThatFlinkDoesNotHaveIsNotAskedFor() {
        publishJobMaster(LeaderInformation.empty());
        look(ENOUGH);
        assertEquals(0, jm.agent.calls(JOB).size());
        publishJobMaster(known("pekko://flink/user/rpc/jobmanager_2"));
        look(1);
        silence();
        lookInVain(ENOUGH);
        assertTrue(hangs());
        publishJobMaster(LeaderInformation.empty());
        look(1);
        assertFalse(hangs());
    }

    @Test
    void aJobThatDoesNotRunYetMayTakeItsTime() {
        status("INITIALIZING");
        look(1);
        silence();
        lookInVain(2 * ENOUGH);
        assertFalse(hangs());
    }

    @Test
    void aJobThatHasEndedIsNotLookedAt() {
        look(2);
        silence();
        lookInVain(ENOUGH);
        jm.run().ending().complete(null);
        assertFalse(hangs());
        assertEquals(0, jm.watchdog.watched().progressMillis().orElseThrow());
        jm.agent.awaitCalls(STATUS, 2 + ENOUGH);
        look(1);
        assertEquals(2 + ENOUGH, jm.agent.calls(STATUS).size());
    }

    @Test
    void aJobThatIsKnownToHaveEndedDoesNotHang() {
        look(1);
        status("FAILED");
        look(1);
        silence();
        lookInVain(ENOUGH);
        assertFalse(hangs());
    }

    /** It was paused itself then, and so was the thread that is to answer. */
    @Test
    void aJvmThatWasPausedDoesNotHang() {
        look(1);
        silence();
        lookInVain(1);
        jm.nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        lookInVain(1);
        assertFalse(hangs());
    }

    @Test
    void progressFollowsFromTheJobsSettings() {
        assertEquals(1_200_000, progressMillis());
        jm.agent.on(SETTINGS, call -> settings(1, 1, 0, 0));
        assertEquals(1_200_000, progressMillis());
        assertEquals(1, jm.agent.calls(SETTINGS).size(), "they do not change");
    }

    @Test
    void aLongIntervalCountsAndEachFailureThatIsTolerated() {
        jm.agent.on(SETTINGS, call -> settings(3_600_000, 600_000, 0, 3));
        assertEquals(5 * 3_600_000, progressMillis());
    }

    @Test
    void aLongPauseIsALongInterval() {
        jm.agent.on(SETTINGS, call -> settings(1_000, 600_000, 900_000, 0));
        assertEquals(2 * 900_000, progressMillis());
    }

    @Test
    void noCheckpointIsToCompleteWhereThereAreNone() {
        for (FakeAgent.Answer answer :
                new FakeAgent.Answer[] {
                    settings(Long.MAX_VALUE, 600_000, 0, 0),
                    settings(60_000, Long.MAX_VALUE, 0, 0),
                    FakeAgent.of(
                            404,
                            "{\"errors\":[\"Checkpointing is not enabled for this job (1).\"]}")
                }) {
            jm.agent.on(SETTINGS, call -> answer);
            Progress progress = new Progress(jm.rest, jm.checkpoints);
            progress.look(jm.run());
            assertEquals(0, progress.millis().orElseThrow());
        }
    }

    @Test
    void settingsThatAreNotSaidAreAskedForAgain() {
        for (FakeAgent.Answer answer :
                new FakeAgent.Answer[] {
                    FakeAgent.of(404, "{\"errors\":[\"Job 1 not found\"]}"),
                    FakeAgent.broken(),
                    FakeAgent.ok("{}")
                }) {
            jm.agent.on(SETTINGS, call -> answer);
            look(2);
            assertTrue(jm.watchdog.watched().progressMillis().isEmpty());
        }
        jm.agent.on(SETTINGS, call -> settings(60_000, 600_000, 0, 0));
        assertEquals(1_200_000, progressMillis());
    }

    @Test
    void noCheckpointIsToCompleteWhileTheJobIsBeingStopped() {
        jm.agent.on(
                CHECKPOINTS,
                call ->
                        FakeAgent.ok(
                                "{\"history\":[{\"checkpoint_type\":\"SYNC_SAVEPOINT\","
                                        + "\"status\":\"IN_PROGRESS\"}]}"));
        assertEquals(0, progressMillis());
        jm.agent.on(CHECKPOINTS, call -> FakeAgent.of(503, "{\"errors\":[\"later\"]}"));
        assertEquals(0, progressMillis());
        jm.agent.on(CHECKPOINTS, call -> FakeAgent.ok("{\"history\":[]}"));
        assertEquals(1_200_000, progressMillis());
    }
}
