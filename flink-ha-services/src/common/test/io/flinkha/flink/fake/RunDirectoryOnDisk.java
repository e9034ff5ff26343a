package io.flinkha.flink.fake;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.agent.Pointer;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;
import org.apache.flink.runtime.checkpoint.CheckpointRetentionPolicy;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeOffsets;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.filesystem.FsCompletedCheckpointStorageLocation;

/** A run's checkpoint directory with real metadata and state files. */
public final class RunDirectoryOnDisk {
    private static final CheckpointProperties OWN =
            CheckpointProperties.forCheckpoint(
                    CheckpointRetentionPolicy.NEVER_RETAIN_AFTER_TERMINATION);

    private final Path directory;

    public RunDirectoryOnDisk(Path parent) throws IOException {
        this(parent, TestJm.JOB);
    }

    public RunDirectoryOnDisk(Path parent, String jobId) throws IOException {
        directory = Files.createDirectories(parent.resolve(jobId));
        Files.createDirectories(directory.resolve("shared"));
    }

    public Path resolve(String name) {
        return directory.resolve(name);
    }

    /** A state file below the run's directory. */
    public FileStateHandle file(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, name, StandardCharsets.UTF_8);
        return new FileStateHandle(flinkPath(file), Files.size(file));
    }

    /** A completed checkpoint of these state files, with its metadata file. */
    public CompletedCheckpoint checkpoint(long id, StreamStateHandle... states) throws IOException {
        return checkpoint(id, OWN, states);
    }

    public CompletedCheckpoint checkpoint(
            long id, CheckpointProperties properties, StreamStateHandle... states)
            throws IOException {
        Path home = Files.createDirectories(directory.resolve("chk-" + id));
        Map<OperatorID, OperatorState> operators = new HashMap<>();
        for (StreamStateHandle state : states) {
            OperatorState operator = LineCalls.operator(new OperatorID());
            operator.putState(
                    0,
                    OperatorSubtaskState.builder()
                            .setManagedKeyedState(
                                    new KeyGroupsStateHandle(
                                            new KeyGroupRangeOffsets(new KeyGroupRange(0, 0)),
                                            state))
                            .build());
            operators.put(operator.getOperatorID(), operator);
        }
        Path metadata = home.resolve("_metadata");
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(metadata))) {
            Checkpoints.storeCheckpointMetadata(
                    new CheckpointMetadata(id, operators.values(), List.of(), OWN), out);
        }
        return new CompletedCheckpoint(
                TestJm.job(),
                id,
                1_000 + id,
                2_000 + id,
                operators,
                List.of(),
                properties,
                new FsCompletedCheckpointStorageLocation(
                        LocalFileSystem.getSharedInstance(),
                        flinkPath(home),
                        new FileStateHandle(flinkPath(metadata), Files.size(metadata)),
                        flinkPath(home).toString()),
                null);
    }

    /** What the manifest would keep of that checkpoint. */
    public static Pointer pointer(CompletedCheckpoint checkpoint) {
        FileStateHandle metadata = (FileStateHandle) checkpoint.getMetadataHandle();
        return new Pointer(
                checkpoint.getCheckpointID(),
                checkpoint.getExternalPointer(),
                metadata.getFilePath().toString(),
                metadata.getStateSize(),
                checkpoint.getTimestamp(),
                checkpoint.getCompletionTimestamp());
    }

    /** All files and empty directories, below the run's directory, sorted. */
    public List<String> content() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.collect(Collectors.toList())) {
                if (Files.isRegularFile(path) || isEmpty(path)) {
                    names.add(directory.relativize(path).toString());
                }
            }
        }
        names.sort(String::compareTo);
        return names;
    }

    private static boolean isEmpty(Path path) throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        }
    }

    private static org.apache.flink.core.fs.Path flinkPath(Path path) {
        return new org.apache.flink.core.fs.Path("file:" + path.toAbsolutePath());
    }
}
