package io.flinkha.flink.savepoint;

import io.flinkha.flink.process.Run;
import io.flinkha.flink.rest.JobQuery;
import io.flinkha.flink.rest.RestEndpoint;
import io.flinkha.flink.rest.RestError;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.MissingNode;

/**
 * The job's checkpoints and savepoints, as the JobManager's own REST endpoint shows them.
 *
 * <p>No service that Flink asks an HA provider for tells of savepoints. Where the user has Flink
 * keep an answer for whoever asks next, the endpoint may show what was.
 */
public final class CheckpointsView {
    /** Flink's words. */
    private static final String NOT_ENABLED = "Checkpointing has not been enabled";

    private final RestEndpoint rest;

    public CheckpointsView(RestEndpoint rest) {
        this.rest = rest;
    }

    /** Whether the job is being stopped with a savepoint. */
    public boolean isStopping(Run run) throws IOException {
        return isStopping(checkpoints(run));
    }

    /**
     * The savepoint that a job was stopped with which has come to its end; empty if there is none.
     * An exception means that the endpoint does not say.
     */
    Optional<String> stoppedWith(Run run) throws IOException {
        return stoppedWith(checkpoints(run));
    }

    /** What the endpoint answers. A batch job has none; of a job that is not known, nothing is. */
    JsonNode checkpoints(Run run) throws IOException {
        try {
            JsonNode answer = rest.ask(JobQuery.CHECKPOINTS, run.jobId());
            if (!answer.path("history").isArray()) {
                // Flink's client takes any JSON for an answer, whatever its status.
                throw new IOException("no checkpoints are shown in " + answer);
            }
            return answer;
        } catch (RestError e) {
            if (e.isMissing(NOT_ENABLED)) {
                return MissingNode.getInstance();
            }
            throw e;
        }
    }

    private static Optional<String> stoppedWith(JsonNode checkpoints) throws IOException {
        if (!isStopping(checkpoints)) {
            return Optional.empty();
        }
        JsonNode savepoint = checkpoints.path("history").path(0);
        String path = savepoint.path("external_path").asText("");
        if (!savepoint.path("status").asText("").equals("COMPLETED") || path.isEmpty()) {
            throw new IOException("the savepoint is shown as " + savepoint.path("status"));
        }
        return Optional.of(path);
    }

    /**
     * The youngest stands first. A completed one counts: the sinks are committed by then, and the
     * job is on its way to FINISHED. If it gets stuck there and goes on, the next checkpoint says
     * so.
     */
    private static boolean isStopping(JsonNode checkpoints) {
        JsonNode youngest = checkpoints.path("history").path(0);
        return youngest.path("checkpoint_type").asText("").equals("SYNC_SAVEPOINT")
                && !youngest.path("status").asText("").equals("FAILED");
    }
}
