package io.flinkha.flink.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.agent.Pointer;
import io.flinkha.flink.fake.FakeAgent;
import io.flinkha.flink.fake.LineCalls;
import io.flinkha.flink.fake.RunDirectoryOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;
import org.apache.flink.runtime.checkpoint.CheckpointRetentionPolicy;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.CheckpointsCleaner;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStore;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that owns what it was restored from, with the checkpoint that Flink itself makes of it. */
class ClaimTest {
    private static final String PATH = "/v1/checkpoints";
    private static final String EARLIER = "ffffffffffffffffffffffffffffffff";

    @TempDir Path directory;
    private TestJm jm;
    private RunDirectoryOnDisk earlier;
    private RunDirectoryOnDisk own;
    private String path;
    private List<String> before;
    private final List<String> modes = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        jm = new TestJm(directory);
        earlier = new RunDirectoryOnDisk(directory.resolve("checkpoints"), EARLIER);
        own = new RunDirectoryOnDisk(directory.resolve("checkpoints"));
        path = earlier.checkpoint(7, earlier.file("chk-7/state")).getExternalPointer();
        before = earlier.content();
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    private String resume(Pointer... checkpoints) {
        return TestJm.resume(
                "count",
                "00",
                List.of(checkpoints),
                checkpoints.length > 0
                        ? ""
                        : ",\"restoredFrom\":{\"path\":\""
                                + path
                                + "\",\"claimMode\":\"CLAIM\",\"allowNonRestoredState\":false}");
    }

    private CompletedCheckpointStore store(String start) throws Exception {
        jm.grant(start);
        return LineCalls.store(jm.checkpointFactory(), TestJm.job(), "CLAIM", modes);
    }

    /** As CheckpointCoordinator.restoreSavepoint does: with the properties of the new job. */
    private void restore(CompletedCheckpointStore store) throws Exception {
        CompletedCheckpoint claimed =
                Checkpoints.loadAndValidateCheckpoint(
                        TestJm.job(),
                        Map.of(),
                        AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(path),
                        ClaimTest.class.getClassLoader(),
                        true,
                        CheckpointProperties.forCheckpoint(
                                CheckpointRetentionPolicy.NEVER_RETAIN_AFTER_TERMINATION));
        LineCalls.registerClaimed(claimed, store.getSharedStateRegistry());
        store.addCheckpointAndSubsumeOldestOne(claimed, new CheckpointsCleaner(), () -> {});
    }

    private void complete(CompletedCheckpointStore store, long id) throws Exception {
        store.addCheckpointAndSubsumeOldestOne(
                own.checkpoint(id), new CheckpointsCleaner(), () -> {});
    }

    @Test
    void theClaimedOneIsNoneOfTheRunsOwnAndGoesAfterTheFirstOfThose() throws Exception {
        CompletedCheckpointStore store = store(resume());
        restore(store);
        assertTrue(jm.agent.calls(PATH).isEmpty());
        assertFalse(jm.run().hasOwnCheckpoint());

        List<List<String>> atTheCommit = new ArrayList<>();
        jm.agent.on(
                PATH,
                call -> {
                    atTheCommit.add(List.copyOf(content(earlier)));
                    return FakeAgent.ok();
                });
        complete(store, 193);
        assertEquals(List.of(before), atTheCommit);
        assertFalse(earlier.content().contains("chk-7/_metadata"));
    }

    @Test
    void nothingOfItGoesWhileTheCommitIsNotAcknowledged() throws Exception {
        CompletedCheckpointStore store = store(resume());
        restore(store);
        jm.agent.on(PATH, call -> FakeAgent.refused());
        assertThrows(Exception.class, () -> complete(store, 193));
        store.shutdown(JobStatus.FAILED, new CheckpointsCleaner());
        assertEquals(before, earlier.content());
    }

    /**
     * The store is empty, so Flink applies the settings of the stored plan again: the same path,
     * CLAIM.
     */
    @Test
    void beforeTheFirstOwnCheckpointItIsRestoredAndClaimedAgain() throws Exception {
        CompletedCheckpointStore store = store(resume());
        assertTrue(store.getAllCheckpoints().isEmpty());
        assertEquals(List.of("CLAIM"), modes);
        restore(store);
        assertEquals(7, store.getLatestCheckpointId());
    }

    @Test
    void afterTheFirstOwnCheckpointThatOneIsRecovered() throws Exception {
        Pointer first = RunDirectoryOnDisk.pointer(own.checkpoint(193, earlier.file("shared/a")));
        CompletedCheckpointStore store = store(resume(first));
        assertEquals(193, store.getLatestCheckpointId());
        assertEquals(List.of("CLAIM"), modes);
    }

    private static List<String> content(RunDirectoryOnDisk files) {
        try {
            return files.content();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
