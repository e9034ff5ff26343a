package io.flinkha.flink.savepoint;

import io.flinkha.flink.leader.LeaderAddresses;
import io.flinkha.flink.process.Run;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.MissingNode;

/**
 * The job's checkpoints and savepoints, as the JobManager's own REST endpoint shows them.
 *
 * <p>No service that Flink asks an HA provider for tells of savepoints. Where the user has Flink
 * keep an answer for whoever asks next, the endpoint may show what was.
 */
public final class CheckpointsView {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CONNECT_MILLIS = 1_000;
    private static final int ANSWER_MILLIS = 2_000;

    /** Flink's words. */
    private static final String NOT_ENABLED = "Checkpointing has not been enabled";

    private final LeaderAddresses addresses;

    public CheckpointsView(LeaderAddresses addresses) {
        this.addresses = addresses;
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

    /** What the endpoint answers. */
    JsonNode checkpoints(Run run) throws IOException {
        String rest = addresses.address("restserver").orElse("");
        if (!rest.startsWith("http://")) {
            throw new IOException(
                    rest.isEmpty()
                            ? "the REST endpoint is not up"
                            : rest + " is not asked: this jar holds no certificates for it");
        }
        return ask(rest + "/jobs/" + run.jobId().toHexString() + "/checkpoints");
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

    private static JsonNode ask(String address) throws IOException {
        URLConnection connection = uri(address).toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(ANSWER_MILLIS);
        connection.setUseCaches(false);
        if (connection instanceof HttpURLConnection) {
            HttpURLConnection http = (HttpURLConnection) connection;
            http.setInstanceFollowRedirects(false);
            if (http.getResponseCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return withoutCheckpoints(http);
            }
        }
        try (InputStream in = connection.getInputStream()) {
            return JSON.readTree(in);
        }
    }

    /** A batch job has none; of a job that is not known, nothing is known. */
    private static JsonNode withoutCheckpoints(HttpURLConnection http) throws IOException {
        try (InputStream in = http.getErrorStream()) {
            String error = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (error.contains(NOT_ENABLED)) {
                return MissingNode.getInstance();
            }
            throw new IOException("404: " + error);
        }
    }

    private static URI uri(String address) throws IOException {
        try {
            return URI.create(address);
        } catch (IllegalArgumentException e) {
            throw new IOException(e);
        }
    }
}
