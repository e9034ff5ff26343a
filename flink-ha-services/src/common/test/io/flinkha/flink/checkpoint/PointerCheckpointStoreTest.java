package io.flinkha.flink.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.cleanup.CleanUp;
import io.flinkha.flink.config.AgentOptions;
import io.flinkha.flink.fake.LineCalls;
import io.flinkha.flink.fake.RunDirectoryOnDisk;
import io.flinkha.flink.process.Run;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.CheckpointsCleaner;
import org.apache.flink.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PointerCheckpointStoreTest {
    private static final List<String> KEPT = List.of("chk-2/_metadata", "chk-2/state", "shared");

    @TempDir Path directory;
    private TestJm jm;
    private RunDirectoryOnDisk files;
    private Run run;
    private PointerCheckpointStore store;

    @BeforeEach
    void start() throws Exception {
        start(new Configuration());
    }

    private void start(Configuration settings) throws Exception {
        jm = new TestJm(directory, settings);
        files = new RunDirectoryOnDisk(directory.resolve("checkpoints"));
        run = jm.grant(TestJm.fresh());
        store =
                new PointerCheckpointStore(
                        run,
                        1,
                        new PointerStore(
                                jm.client,
                                jm.halt,
                                run,
                                jm.savepoints,
                                1,
                                new CleanUp(List.of()),
                                PointerCheckpointStoreTest.class.getClassLoader()),
                        List.of(),
                        LineCalls.registry(),
                        Executors.directExecutor());
        CheckpointsCleaner cleaner = new CheckpointsCleaner();
        store.addCheckpointAndSubsumeOldestOne(
                files.checkpoint(1, files.file("chk-1/state")), cleaner, () -> {});
        store.addCheckpointAndSubsumeOldestOne(
                files.checkpoint(2, files.file("chk-2/state")), cleaner, () -> {});
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    @Test
    void subsumesWhatTheCommitDropped() throws Exception {
        assertEquals(KEPT, files.content());
    }

    @Test
    void keepsTheFilesOfAFailedJob() throws Exception {
        assertTrue(run.result().complete(JobStatus.FAILED));
        store.shutdown(JobStatus.FAILED, new CheckpointsCleaner());
        assertEquals(KEPT, files.content());
    }

    @Test
    void keepsTheFilesOfACanceledJob() throws Exception {
        assertTrue(run.result().complete(JobStatus.CANCELED));
        store.shutdown(JobStatus.CANCELED, new CheckpointsCleaner());
        assertEquals(KEPT, files.content());
    }

    @Test
    void discardsAnAcknowledgedCancelIfSetSo() throws Exception {
        jm.close();
        start(new Configuration().set(AgentOptions.ON_CANCEL, AgentOptions.OnCancel.DISCARD));
        assertTrue(run.result().complete(JobStatus.CANCELED));
        store.shutdown(JobStatus.CANCELED, new CheckpointsCleaner());
        assertEquals(List.of("shared"), files.content());
    }

    @Test
    void keepsTheFilesOfACancelThatNobodyAcknowledged() throws Exception {
        jm.close();
        start(new Configuration().set(AgentOptions.ON_CANCEL, AgentOptions.OnCancel.DISCARD));
        store.shutdown(JobStatus.CANCELED, new CheckpointsCleaner());
        assertEquals(KEPT, files.content());
    }

    @Test
    void keepsTheFilesOfAnEndThatNobodyAcknowledged() throws Exception {
        store.shutdown(JobStatus.FINISHED, new CheckpointsCleaner());
        assertEquals(KEPT, files.content());
    }

    @Test
    void discardsAfterAnAcknowledgedFinish() throws Exception {
        assertTrue(run.result().complete(JobStatus.FINISHED));
        store.shutdown(JobStatus.FINISHED, new CheckpointsCleaner());
        assertEquals(List.of("shared"), files.content());
    }

    @Test
    void suspendingKeepsAll() throws Exception {
        store.shutdown(JobStatus.SUSPENDED, new CheckpointsCleaner());
        assertEquals(KEPT, files.content());
    }
}
