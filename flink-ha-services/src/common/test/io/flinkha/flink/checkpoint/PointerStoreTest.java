package io.flinkha.flink.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.agent.AgentRefusal;
import io.flinkha.flink.agent.OtherEnd;
import io.flinkha.flink.agent.Pointer;
import io.flinkha.flink.cleanup.CleanUp;
import io.flinkha.flink.fake.FakeAgent;
import io.flinkha.flink.fake.RunDirectoryOnDisk;
import io.flinkha.flink.jvm.Halt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;
import org.apache.flink.runtime.persistence.PossibleInconsistentStateException;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PointerStoreTest {
    private static final String PATH = "/v1/checkpoints";

    @TempDir Path directory;
    private TestJm jm;
    private RunDirectoryOnDisk files;

    @BeforeEach
    void start() throws Exception {
        jm = new TestJm(directory);
        files = new RunDirectoryOnDisk(directory.resolve("checkpoints"));
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    private PointerStore store(String start) throws Exception {
        return new PointerStore(
                jm.client,
                jm.halt,
                jm.grant(start),
                jm.savepoints,
                1,
                new CleanUp(List.of()),
                PointerStoreTest.class.getClassLoader());
    }

    private static void add(PointerStore store, CompletedCheckpoint checkpoint) throws Exception {
        var unused = store.addAndLock(CheckpointNames.INSTANCE.name(checkpoint), checkpoint);
    }

    @Test
    void recordsWhereTheCheckpointLies() throws Exception {
        PointerStore store = store(TestJm.fresh());
        CompletedCheckpoint checkpoint = files.checkpoint(118);
        assertFalse(jm.run().hasOwnCheckpoint());
        add(store, checkpoint);
        assertTrue(jm.run().hasOwnCheckpoint());
        FakeAgent.Call call = jm.agent.calls(PATH).get(0);
        assertEquals(
                RunDirectoryOnDisk.pointer(checkpoint),
                OtherEnd.pointer(call.json().path("checkpoint")));
        assertEquals(1, call.json().path("maxRetained").asInt());
    }

    @Test
    void repeatsTheVerySameCallUntilItIsAnswered() throws Exception {
        PointerStore store = store(TestJm.fresh());
        jm.agent.onFirst(PATH, FakeAgent.unavailable(), FakeAgent.ok());
        add(store, files.checkpoint(1));
        List<String> bodies =
                jm.agent.calls(PATH).stream()
                        .map(call -> new String(call.body, StandardCharsets.UTF_8))
                        .collect(Collectors.toList());
        assertEquals(2, bodies.size());
        assertEquals(bodies.get(0), bodies.get(1));
    }

    @Test
    void anUnknownOutcomeNeverLooksLikeAFailure() throws Exception {
        PointerStore store = store(TestJm.fresh());
        jm.agent.on(
                PATH,
                call -> {
                    jm.closeGate();
                    return FakeAgent.broken();
                });
        CompletedCheckpoint checkpoint = files.checkpoint(1);
        // Flink deletes the checkpoint's files on any other exception.
        assertThrows(PossibleInconsistentStateException.class, () -> add(store, checkpoint));
        assertFalse(jm.run().hasOwnCheckpoint());
    }

    @Test
    void aRefusalIsADefiniteFailure() throws Exception {
        PointerStore store = store(TestJm.fresh());
        jm.agent.on(PATH, call -> FakeAgent.refused());
        CompletedCheckpoint checkpoint = files.checkpoint(1);
        Exception failure = assertThrows(Exception.class, () -> add(store, checkpoint));
        assertFalse(failure instanceof PossibleInconsistentStateException);
        assertInstanceOf(AgentRefusal.class, failure.getCause());
    }

    @Test
    void fencedHalts() throws Exception {
        PointerStore store = store(TestJm.fresh());
        jm.agent.on(PATH, call -> FakeAgent.fenced());
        CompletedCheckpoint checkpoint = files.checkpoint(1);
        assertThrows(PossibleInconsistentStateException.class, () -> add(store, checkpoint));
        assertEquals(List.of(Halt.GATE_CLOSED), jm.halt.codes());
    }

    @Test
    void whatWasRestoredIsNotRecordedAsOwn() throws Exception {
        CompletedCheckpoint restored = files.checkpoint(7);
        PointerStore store =
                store(
                        TestJm.resume(
                                "count",
                                "00",
                                List.of(),
                                ",\"restoredFrom\":{\"path\":\""
                                        + restored.getExternalPointer()
                                        + "/_metadata\",\"claimMode\":\"CLAIM\","
                                        + "\"allowNonRestoredState\":false}"));
        add(store, restored);
        add(store, files.checkpoint(8, CheckpointProperties.forUnclaimedSnapshot()));
        assertTrue(jm.agent.calls(PATH).isEmpty());
        assertFalse(jm.run().hasOwnCheckpoint());
        assertTrue(store.releaseAndTryRemove(CheckpointNames.INSTANCE.name(restored)));
    }

    @Test
    void namesTheSettingOfACheckpointWithoutAFile() throws Exception {
        PointerStore store = store(TestJm.fresh());
        CompletedCheckpoint inHeap =
                new CompletedCheckpoint(
                        TestJm.job(),
                        1,
                        1,
                        1,
                        Map.of(),
                        List.of(),
                        files.checkpoint(2).getProperties(),
                        new HeapLocation(),
                        null);
        Exception failure = assertThrows(IllegalStateException.class, () -> add(store, inHeap));
        assertTrue(
                String.valueOf(failure.getMessage()).contains("execution.checkpointing.storage"));
        assertTrue(jm.agent.calls(PATH).isEmpty());
    }

    @Test
    void answersRemovalsItself() throws Exception {
        PointerStore store = store(TestJm.fresh());
        add(store, files.checkpoint(1));
        add(store, files.checkpoint(2));
        assertTrue(store.releaseAndTryRemove(CheckpointNames.INSTANCE.checkpointIDToName(1)));
        assertEquals(2, jm.agent.calls("/v1/c").size());
        assertEquals(
                List.of(CheckpointNames.INSTANCE.checkpointIDToName(2)),
                List.copyOf(store.getAllHandles()));
    }

    @Test
    void rebuildsFromTheFilesAndSkipsOnlyOlderOnes() throws Exception {
        Pointer broken = RunDirectoryOnDisk.pointer(files.checkpoint(1));
        Files.writeString(files.resolve("chk-1/_metadata"), "no metadata");
        CompletedCheckpoint latest = files.checkpoint(2, files.file("shared/a"));
        PointerStore store =
                store(
                        TestJm.resume(
                                "count",
                                "00",
                                List.of(broken, RunDirectoryOnDisk.pointer(latest)),
                                ""));
        List<CompletedCheckpoint> recovered = store.recover();
        assertEquals(1, recovered.size());
        CompletedCheckpoint rebuilt = recovered.get(0);
        assertEquals(2, rebuilt.getCheckpointID());
        assertEquals(latest.getExternalPointer(), rebuilt.getExternalPointer());
        assertEquals(latest.getProperties(), rebuilt.getProperties());
        assertEquals(latest.getOperatorStates(), rebuilt.getOperatorStates());
        assertEquals(latest.getTimestamp(), rebuilt.getTimestamp());
        assertTrue(jm.halt.codes().isEmpty());
    }

    @Test
    void refusesToStartWithoutTheLatest() throws Exception {
        Pointer older = RunDirectoryOnDisk.pointer(files.checkpoint(1));
        Pointer latest = RunDirectoryOnDisk.pointer(files.checkpoint(2));
        Files.delete(files.resolve("chk-2/_metadata"));
        PointerStore store = store(TestJm.resume("count", "00", List.of(older, latest), ""));
        assertThrows(Halt.Halted.class, store::recover);
        assertEquals(List.of(Halt.REFUSED), jm.halt.codes());
        for (String told :
                List.of(
                        latest.metadata(),
                        "flink-ha.restore.path",
                        "flink-ha.restore.strategy=none",
                        "flink-ha.restore.allow-older-checkpoint=true")) {
            assertTrue(jm.halt.reason().contains(told), told);
        }
        assertTrue(jm.agent.calls("/v1/restored").isEmpty());
    }

    private PointerStore storeThatMayGoBack(Pointer... checkpoints) throws Exception {
        return store(
                TestJm.resume(
                        "count", "00", List.of(checkpoints), ",\"allowOlderCheckpoint\":true"));
    }

    @Test
    void goesBackToTheNewestThatCanBeReadIfAllowed() throws Exception {
        Pointer oldest = RunDirectoryOnDisk.pointer(files.checkpoint(1));
        Pointer older = RunDirectoryOnDisk.pointer(files.checkpoint(2));
        Pointer damaged = RunDirectoryOnDisk.pointer(files.checkpoint(3));
        Pointer gone = RunDirectoryOnDisk.pointer(files.checkpoint(4));
        Files.writeString(files.resolve("chk-3/_metadata"), "no metadata");
        Files.delete(files.resolve("chk-4/_metadata"));
        PointerStore store = storeThatMayGoBack(oldest, older, damaged, gone);
        List<Long> recovered =
                store.recover().stream()
                        .map(CompletedCheckpoint::getCheckpointID)
                        .collect(Collectors.toList());
        assertEquals(List.of(1L, 2L), recovered);
        assertEquals(
                older.path(), jm.agent.calls("/v1/restored").get(0).json().path("path").asText());
        assertTrue(jm.halt.codes().isEmpty());
    }

    @Test
    void doesNotGoBackUnlessTheAgentTookNote() throws Exception {
        Pointer older = RunDirectoryOnDisk.pointer(files.checkpoint(1));
        Pointer gone = RunDirectoryOnDisk.pointer(files.checkpoint(2));
        Files.delete(files.resolve("chk-2/_metadata"));
        jm.agent.on("/v1/restored", call -> FakeAgent.refused());
        PointerStore store = storeThatMayGoBack(older, gone);
        assertThrows(Halt.Halted.class, store::recover);
        assertEquals(List.of(Halt.FAILED_START), jm.halt.codes());
    }

    @Test
    void doesNotGoBackWhileTheStorageDoesNotAnswer() throws Exception {
        Pointer older = RunDirectoryOnDisk.pointer(files.checkpoint(1));
        Pointer latest = new Pointer(2, "nosuch:/x/chk-2", "nosuch:/x/chk-2/_metadata", 1, 1, 1);
        PointerStore store = storeThatMayGoBack(older, latest);
        assertThrows(Halt.Halted.class, store::recover);
        assertEquals(List.of(Halt.FAILED_START), jm.halt.codes());
        assertTrue(jm.agent.calls("/v1/restored").isEmpty());
    }

    @Test
    void refusesWhenNoOlderOneCanBeReadEither() throws Exception {
        Pointer older = RunDirectoryOnDisk.pointer(files.checkpoint(1));
        Pointer latest = RunDirectoryOnDisk.pointer(files.checkpoint(2));
        Files.delete(files.resolve("chk-1/_metadata"));
        Files.delete(files.resolve("chk-2/_metadata"));
        PointerStore store = storeThatMayGoBack(older, latest);
        assertThrows(Halt.Halted.class, store::recover);
        assertEquals(List.of(Halt.REFUSED), jm.halt.codes());
        assertTrue(jm.halt.reason().contains(older.metadata()));
        assertTrue(jm.halt.reason().contains(latest.metadata()));
    }

    @Test
    void aStorageThatDoesNotAnswerFailsTheStartOnly() throws Exception {
        Pointer latest = new Pointer(2, "nosuch:/x/chk-2", "nosuch:/x/chk-2/_metadata", 1, 1, 1);
        PointerStore store = store(TestJm.resume("count", "00", List.of(latest), ""));
        assertThrows(Halt.Halted.class, store::recover);
        assertEquals(List.of(Halt.FAILED_START), jm.halt.codes());
    }

    /** What JobManagerCheckpointStorage makes. */
    private static final class HeapLocation implements CompletedCheckpointStorageLocation {
        private static final long serialVersionUID = 1L;

        @Override
        public String getExternalPointer() {
            return "<checkpoint-not-externally-addressable>";
        }

        @Override
        public StreamStateHandle getMetadataHandle() {
            return new ByteStreamStateHandle("heap", new byte[0]);
        }

        @Override
        public void disposeStorageLocation() {}
    }
}
