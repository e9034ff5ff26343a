package io.flinkha.agent.core;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * One process of the agent.
 *
 * @param holder the pod that leads: {@code <pod name>/<pod UID>}; it outlives an agent process
 * @param nonce random, tells the agent processes of one pod apart
 */
public record Incarnation(String holder, String nonce) {

    /**
     * The leader session id that Flink's components fence with; new for each epoch. It hangs on the
     * pod and not on the agent's process: an agent that re-attaches publishes for a JobManager that
     * was granted the session before.
     */
    public UUID session(long epoch) {
        return UUID.nameUUIDFromBytes(
                (holder + "/session/" + epoch).getBytes(StandardCharsets.UTF_8));
    }

    /** A job id that no earlier run of this cluster-id had. */
    public String jobId(long epoch) {
        return UUID.nameUUIDFromBytes((nonce + "/job/" + epoch).getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }
}
