package io.flinkha.lab.measure;

import com.fasterxml.jackson.databind.JsonNode;

/** Which state a manifest names. */
public final class CheckpointPointer {
    private CheckpointPointer() {}

    /** The newest checkpoint that it names; 0 if there is none. */
    public static long newest(JsonNode manifest) {
        long newest = 0;
        for (JsonNode checkpoint : manifest.path("checkpoints")) {
            newest = Math.max(newest, checkpoint.path("id").asLong());
        }
        return newest;
    }
}
