package io.flinkha.lab.experiment.failover;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.base.Json;
import io.flinkha.lab.local.LocalPod;
import io.flinkha.lab.measure.Scrape;
import java.time.Instant;

/** What an agent says of itself at {@code GET /status}. */
record AgentPage(JsonNode status) {

    static AgentPage of(LocalPod pod) {
        return new AgentPage(Json.read(Scrape.page(pod.managementPort(), "/status")));
    }

    boolean ready() {
        return status.path("failsafe").path("ready").asBoolean();
    }

    /** When the storage last took a commit, in milliseconds since the epoch; 0 if it never did. */
    long lastCommitAt() {
        return time(status.path("failsafe").path("lastCommit"));
    }

    long newestCheckpoint() {
        return newest().path("id").asLong();
    }

    long newestCheckpointAt() {
        return time(newest().path("completedAt"));
    }

    private JsonNode newest() {
        JsonNode checkpoints = status.path("checkpoints");
        return checkpoints.path(checkpoints.size() - 1);
    }

    private static long time(JsonNode text) {
        return text.isTextual() ? Instant.parse(text.asText()).toEpochMilli() : 0;
    }
}
