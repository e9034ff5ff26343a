package io.flinkha.flink.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.agent.Pointer;
import io.flinkha.flink.fake.LineCalls;
import io.flinkha.flink.fake.RunDirectoryOnDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStore;
import org.apache.flink.util.FlinkException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentCheckpointRecoveryFactoryTest {
    @TempDir Path directory;
    private TestJm jm;
    private RunDirectoryOnDisk files;
    private final List<String> modes = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        jm = new TestJm(directory);
        files = new RunDirectoryOnDisk(directory.resolve("checkpoints"));
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    private CompletedCheckpointStore store(JobID job) throws Exception {
        return LineCalls.store(jm.checkpointFactory(), job, "NO_CLAIM", modes);
    }

    @Test
    void ownCheckpointsAreRecoveredAsOwned() throws Exception {
        Pointer own = RunDirectoryOnDisk.pointer(files.checkpoint(5));
        jm.grant(TestJm.resume("count", "00", List.of(own), ""));
        assertEquals(5, store(TestJm.job()).getLatestCheckpointId());
        assertEquals(List.of("CLAIM"), modes);
    }

    @Test
    void theStoreIsEmptyWhileTheRunHasNoCheckpointOfItsOwn() throws Exception {
        String restored = files.checkpoint(5).getExternalPointer();
        jm.grant(
                TestJm.resume(
                        "count",
                        "00",
                        List.of(),
                        ",\"restoredFrom\":{\"path\":\""
                                + restored
                                + "\",\"claimMode\":\"NO_CLAIM\",\"allowNonRestoredState\":true}"));
        assertTrue(store(TestJm.job()).getAllCheckpoints().isEmpty());
        assertEquals(List.of("NO_CLAIM"), modes);
    }

    @Test
    void anotherJobFindsNothingHere() throws Exception {
        jm.grant(TestJm.fresh());
        assertThrows(FlinkException.class, () -> store(new JobID()));
    }
}
