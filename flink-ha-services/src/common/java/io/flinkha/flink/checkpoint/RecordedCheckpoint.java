package io.flinkha.flink.checkpoint;

import io.flinkha.flink.agent.Pointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;
import org.apache.flink.runtime.checkpoint.CheckpointRetentionPolicy;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.filesystem.FsCompletedCheckpointStorageLocation;

/** Makes a run's own completed checkpoint again out of its pointer and its metadata file. */
final class RecordedCheckpoint {
    private RecordedCheckpoint() {}

    static CompletedCheckpoint rebuild(JobID jobId, Pointer pointer, CheckpointMetadata metadata) {
        Path directory = new Path(pointer.path());
        Map<OperatorID, OperatorState> operators = new HashMap<>();
        for (OperatorState operator : metadata.getOperatorStates()) {
            operators.put(operator.getOperatorID(), operator);
        }
        return new CompletedCheckpoint(
                jobId,
                pointer.id(),
                pointer.timestamp(),
                pointer.completedAt(),
                operators,
                metadata.getMasterStates(),
                properties(metadata),
                new FsCompletedCheckpointStorageLocation(
                        fileSystem(directory),
                        directory,
                        new FileStateHandle(new Path(pointer.metadata()), pointer.metadataBytes()),
                        pointer.path()),
                null);
    }

    /** Files older than version 4 carry none; keeping too much is the harmless way to be wrong. */
    private static CheckpointProperties properties(CheckpointMetadata metadata) {
        CheckpointProperties written = metadata.getCheckpointProperties();
        return written == null
                ? CheckpointProperties.forCheckpoint(CheckpointRetentionPolicy.RETAIN_ON_FAILURE)
                : written;
    }

    private static FileSystem fileSystem(Path directory) {
        try {
            return directory.getFileSystem();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "no file system for " + directory + ", whose metadata was just read", e);
        }
    }
}
