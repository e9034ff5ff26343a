package io.flinkha.flink.checkpoint;

import java.util.Locale;
import org.apache.flink.runtime.checkpoint.CheckpointStoreUtil;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;

/** Names of checkpoints inside Flink's store; they sort like the ids, which recovery relies on. */
enum CheckpointNames implements CheckpointStoreUtil {
    INSTANCE;

    @Override
    public String checkpointIDToName(long checkpointId) {
        return String.format(Locale.ROOT, "%019d", checkpointId);
    }

    @Override
    public long nameToCheckpointID(String name) {
        return Long.parseLong(name);
    }

    String name(CompletedCheckpoint checkpoint) {
        return checkpointIDToName(checkpoint.getCheckpointID());
    }
}
