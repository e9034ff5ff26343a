package io.flinkha.flink.savepoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.checkpoint.AgentCheckpointIDCounter;
import io.flinkha.flink.checkpoint.PointerStore;
import io.flinkha.flink.cleanup.CleanUp;
import io.flinkha.flink.cleanup.Sweep;
import io.flinkha.flink.fake.FakeAgent;
import io.flinkha.flink.fake.RunDirectoryOnDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavepointWatchTest {
    private static final String CHECKPOINTS = "/v1/jobs/" + TestJm.JOB + "/checkpoints";
    private static final String TOLD = "/v1/savepoint";

    @TempDir Path directory;
    private TestJm jm;
    private SavepointWatch watch;

    @BeforeEach
    void start() throws Exception {
        jm = new TestJm(directory);
        jm.grant(TestJm.fresh());
        watch = jm.savepoints;
        publishRest(jm.agent.address().toString());
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    private void publishRest(String address) {
        jm.addresses.publish("restserver", LeaderInformation.known(UUID.randomUUID(), address));
    }

    private static String entry(long id, String type, String status) {
        return "{\"id\":"
                + id
                + ",\"checkpoint_type\":\""
                + type
                + "\",\"status\":\""
                + status
                + "\",\"latest_ack_timestamp\":1790000000417,\"external_path\":\"file:/sp-"
                + id
                + "\"}";
    }

    private void shown(String... history) {
        jm.agent.on(
                CHECKPOINTS,
                call -> FakeAgent.ok("{\"history\":[" + String.join(",", history) + "]}"));
    }

    private void lookAfter(long nanos) throws Exception {
        jm.nanos.addAndGet(nanos);
        watch.look();
    }

    private void lookLater() throws Exception {
        lookAfter(SavepointWatch.PATIENCE_NANOS);
    }

    private List<String> told() {
        return jm.agent.calls(TOLD).stream()
                .map(call -> call.json().path("savepoint").path("path").asText())
                .collect(Collectors.toList());
    }

    private int asked() {
        return jm.agent.calls(CHECKPOINTS).size();
    }

    @Test
    void quickCheckpointsCostNoCall() throws Exception {
        watch.handedOut(5);
        watch.look();
        watch.recorded(5);
        lookLater();
        assertEquals(0, asked());
    }

    @Test
    void tellsOfASavepointOnceItIsCompleted() throws Exception {
        shown(entry(5, "SAVEPOINT", "IN_PROGRESS"));
        watch.handedOut(5);
        lookLater();
        assertEquals(List.of(), told());
        shown(entry(6, "CHECKPOINT", "COMPLETED"), entry(5, "SAVEPOINT", "COMPLETED"));
        lookLater();
        lookLater();
        assertEquals(List.of("file:/sp-5"), told());
        var body = jm.agent.calls(TOLD).get(0).json();
        assertEquals(1_790_000_000_417L, body.path("savepoint").path("completedAt").asLong());
        assertEquals(2, asked(), "there is nothing to look for any more");
    }

    @Test
    void aSavepointThatLeftTheHistoryIsTheLatest() throws Exception {
        jm.agent.on(
                CHECKPOINTS,
                call ->
                        FakeAgent.ok(
                                "{\"latest\":{\"savepoint\":"
                                        + entry(5, "SAVEPOINT", "COMPLETED")
                                        + "},\"history\":["
                                        + entry(9, "CHECKPOINT", "COMPLETED")
                                        + "]}"));
        watch.handedOut(5);
        lookLater();
        assertEquals(List.of("file:/sp-5"), told());
    }

    @Test
    void whatIsNoSavepointIsLookedForOnce() throws Exception {
        shown(
                entry(5, "SAVEPOINT", "FAILED"),
                entry(6, "CHECKPOINT", "COMPLETED"),
                entry(7, "SYNC_SAVEPOINT", "COMPLETED"));
        for (long id = 5; id <= 7; id++) {
            watch.handedOut(id);
        }
        lookLater();
        lookLater();
        assertEquals(1, asked());
        assertEquals(List.of(), told());
    }

    @Test
    void anIdThatIsNeverSeenIsForgotten() throws Exception {
        shown();
        watch.handedOut(5);
        lookLater();
        lookAfter(SavepointWatch.LOST_NANOS);
        lookLater();
        assertEquals(2, asked());
    }

    @Test
    void anEndpointThatDoesNotSayMakesNoIdForgotten() throws Exception {
        jm.agent.on(CHECKPOINTS, call -> FakeAgent.broken());
        watch.handedOut(5);
        lookAfter(SavepointWatch.LOST_NANOS);
        shown(entry(5, "SAVEPOINT", "COMPLETED"));
        lookLater();
        assertEquals(List.of("file:/sp-5"), told());
    }

    @Test
    void aSlowSavepointIsNotForgotten() throws Exception {
        shown(entry(5, "SAVEPOINT", "IN_PROGRESS"));
        watch.handedOut(5);
        lookAfter(SavepointWatch.LOST_NANOS);
        jm.agent.on(CHECKPOINTS, call -> FakeAgent.broken());
        lookLater();
        shown(entry(5, "SAVEPOINT", "COMPLETED"));
        lookLater();
        assertEquals(List.of("file:/sp-5"), told());
    }

    /** What the endpoint has in its cache, the watch itself may have asked for. */
    @Test
    void theLastAnswerIsOneThatIsNotOld() throws Exception {
        jm.agent.onFirst(
                CHECKPOINTS,
                FakeAgent.ok("{\"history\":[" + entry(5, "SAVEPOINT", "IN_PROGRESS") + "]}"),
                FakeAgent.ok("{\"history\":[" + entry(5, "SAVEPOINT", "COMPLETED") + "]}"));
        watch.handedOut(5);
        watch.lookAtLast(Duration.ofMinutes(1));
        assertEquals(List.of("file:/sp-5"), told());
        assertEquals(2, asked());
    }

    @Test
    void anIdThatStaysPendingDoesNotHoldUpTheEnd() {
        jm.agent.on(
                CHECKPOINTS,
                call -> {
                    jm.nanos.addAndGet(TimeUnit.SECONDS.toNanos(3));
                    return FakeAgent.ok();
                });
        watch.handedOut(5);
        watch.lookAtLast(Duration.ofSeconds(3));
        assertEquals(2, asked(), "the second answer is younger than the end");
    }

    @Test
    void anAgentThatIsAwayIsToldLater() throws Exception {
        shown(entry(5, "SAVEPOINT", "COMPLETED"));
        jm.agent.onFirst(TOLD, FakeAgent.unavailable(), FakeAgent.ok());
        watch.handedOut(5);
        lookLater();
        assertEquals(List.of("file:/sp-5", "file:/sp-5"), told());
    }

    @Test
    void anEndpointThatCannotBeAskedFailsNothing() throws Exception {
        publishRest("https://127.0.0.1:1");
        watch.handedOut(5);
        lookLater();
        lookLater();
        assertEquals(List.of(), told());
        assertTrue(jm.halt.codes().isEmpty());
    }

    @Test
    void looksByItself() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        jm.agent.on(
                TOLD,
                call -> {
                    told.countDown();
                    return FakeAgent.ok();
                });
        shown(entry(5, "SAVEPOINT", "COMPLETED"));
        watch.start();
        watch.handedOut(5);
        jm.nanos.addAndGet(SavepointWatch.PATIENCE_NANOS);
        assertTrue(told.await(30, TimeUnit.SECONDS));
    }

    @Test
    void idsArePendingFromTheCounterToTheStore() throws Exception {
        AgentCheckpointIDCounter counter =
                new AgentCheckpointIDCounter(jm.client, jm.run(), jm.savepoints, Sweep.none());
        RunDirectoryOnDisk files = new RunDirectoryOnDisk(directory.resolve("checkpoints"));
        PointerStore store =
                new PointerStore(
                        jm.client,
                        jm.halt,
                        jm.run(),
                        jm.savepoints,
                        1,
                        new CleanUp(List.of()),
                        SavepointWatchTest.class.getClassLoader());
        long checkpoint = counter.getAndIncrement();
        var unused = store.addAndLock("1", files.checkpoint(checkpoint));
        lookLater();
        assertEquals(0, asked());
        shown(entry(counter.getAndIncrement(), "SAVEPOINT", "COMPLETED"));
        lookLater();
        assertEquals(1, told().size());
    }
}
