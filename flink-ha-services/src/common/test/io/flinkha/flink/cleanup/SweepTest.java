package io.flinkha.flink.cleanup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.agent.Pointer;
import io.flinkha.flink.fake.RunDirectoryOnDisk;
import io.flinkha.flink.process.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeOffsets;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.PhysicalStateHandleID;
import org.apache.flink.runtime.state.PlaceholderStreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTest {
    @TempDir Path directory;
    private TestJm jm;
    private RunDirectoryOnDisk files;
    private FileStateHandle used;
    private CompletedCheckpoint recovered;
    private final AtomicBoolean open = new AtomicBoolean(true);

    @BeforeEach
    void start() throws Exception {
        jm = new TestJm(directory);
        files = new RunDirectoryOnDisk(directory.resolve("checkpoints"));
        used = files.file("shared/used");
        recovered = files.checkpoint(5, used);
        // What a killed JobManager left: an unfinished checkpoint, an upload, an empty directory.
        files.file("chk-6/half");
        files.file("shared/orphan");
        files.file("taskowned/log");
        Files.createDirectories(files.resolve("chk-7"));
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    private CleanUp sweep(Pointer... pointers) throws Exception {
        Run run = jm.grant(TestJm.resume("count", "00", List.of(pointers), ""));
        Sweep sweep = Sweep.of(run, Runnable::run, open::get);
        sweep.startListing();
        sweep.awaitListing();
        return new CleanUp(List.of(sweep));
    }

    @Test
    void deletesOnlyWhatWasThereAndNobodyRefersTo() throws Exception {
        CleanUp sweep = sweep(RunDirectoryOnDisk.pointer(recovered));
        sweep.recovered(recovered);
        files.file("shared/later");
        CompletedCheckpoint first = files.checkpoint(8, used);
        sweep.acknowledged(first, List.of(8L));
        assertEquals(
                List.of(
                        "chk-5/_metadata",
                        "chk-8/_metadata",
                        "shared/later",
                        "shared/used",
                        "taskowned/log"),
                files.content());
    }

    @Test
    void sweepsOnce() throws Exception {
        CleanUp sweep = sweep(RunDirectoryOnDisk.pointer(recovered));
        sweep.recovered(recovered);
        sweep.acknowledged(files.checkpoint(8, used), List.of(8L));
        Files.delete(files.resolve("chk-5/_metadata"));
        files.file("chk-5/_metadata");
        sweep.acknowledged(files.checkpoint(9), List.of(9L));
        assertTrue(files.content().contains("chk-5/_metadata"));
    }

    @Test
    void deletesNothingWhenANamedCheckpointCouldNotBeRead() throws Exception {
        CompletedCheckpoint older = files.checkpoint(4);
        List<String> before = files.content();
        CleanUp sweep =
                sweep(RunDirectoryOnDisk.pointer(older), RunDirectoryOnDisk.pointer(recovered));
        // The older one is named and was not recovered: its metadata is unreadable.
        sweep.recovered(recovered);
        sweep.acknowledged(recovered, List.of(4L, 5L));
        assertEquals(before, files.content());
    }

    @Test
    void deletesNothingWhenThereIsStateOfAnUnknownKind() throws Exception {
        CleanUp sweep = sweep(RunDirectoryOnDisk.pointer(recovered));
        sweep.recovered(recovered);
        CompletedCheckpoint first = files.checkpoint(8, used);
        List<String> before = files.content();
        for (var operator : first.getOperatorStates().values()) {
            operator.putState(0, unknown());
        }
        sweep.acknowledged(first, List.of(8L));
        assertEquals(before, files.content());
    }

    @Test
    void deletesNothingBehindAClosedGate() throws Exception {
        CleanUp sweep = sweep(RunDirectoryOnDisk.pointer(recovered));
        sweep.recovered(recovered);
        CompletedCheckpoint first = files.checkpoint(8, used);
        List<String> before = files.content();
        open.set(false);
        sweep.acknowledged(first, List.of(8L));
        assertEquals(before, files.content());
    }

    @Test
    void leavesADirectoryAloneThatIsNotTheRunsOwn() throws Exception {
        Pointer elsewhere =
                new Pointer(
                        5,
                        "file:" + files.resolve("shared/chk-5"),
                        "file:" + files.resolve("shared/chk-5/_metadata"),
                        1,
                        1,
                        1);
        List<String> before = files.content();
        CleanUp sweep = sweep(elsewhere);
        sweep.acknowledged(recovered, List.of(5L));
        assertEquals(before, files.content());
    }

    private static OperatorSubtaskState unknown() {
        return OperatorSubtaskState.builder()
                .setManagedKeyedState(
                        new KeyGroupsStateHandle(
                                new KeyGroupRangeOffsets(new KeyGroupRange(0, 0)),
                                new PlaceholderStreamStateHandle(
                                        new PhysicalStateHandleID("elsewhere"), 1, false)))
                .build();
    }
}
