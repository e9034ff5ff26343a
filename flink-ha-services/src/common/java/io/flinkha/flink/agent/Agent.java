package io.flinkha.flink.agent;

import io.flinkha.flink.config.EffectiveSetting;
import io.flinkha.flink.jvm.Halt;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * The agent of this pod, as one JobManager process calls it: a method for each message.
 *
 * <p>Here alone are the paths of {@code docs/PROTOCOL.md} named.
 *
 * <p>What returns a future may be called on any thread, one of Flink's too; what returns an answer
 * works on the calling thread, which has to be one of ours. Unless it says otherwise a call is
 * repeated until its outcome is known.
 */
public final class Agent implements AutoCloseable {
    private final Halt halt;
    private final String jm;
    private final AgentClient client;
    private final AgentCalls calls = new AgentCalls();

    /**
     * @param jm the name under which this process registers
     */
    public Agent(URI address, Path runDir, Halt halt, String jm) {
        this.halt = halt;
        this.jm = jm;
        this.client = new AgentClient(address, new Token(runDir), this::fenced);
    }

    private Halt.Halted fenced(String reason) {
        return halt.now(Halt.GATE_CLOSED, "fenced by the agent: " + reason);
    }

    /** Once. */
    void register(String flink, String userCode, List<EffectiveSetting> effective)
            throws IOException, AgentRefusal {
        haltIfTold(client.post("/v1/register", Wire.register(jm, flink, userCode, effective)));
    }

    /**
     * Once: who renews a lease repeats with what the last answer left of it.
     *
     * @param epoch 0 until the first answer that opens the gate, which then brings the grant
     */
    public GateAnswer gate(long epoch, Watched watched) throws IOException, AgentRefusal {
        JsonNode answer = client.post("/v1/gate", Wire.gate(jm, epoch, watched));
        haltIfTold(answer);
        return Wire.gateAnswer(answer, epoch == 0);
    }

    private void haltIfTold(JsonNode answer) throws IOException {
        if (Wire.text(answer, "answer").equals("HALT")) {
            throw halt.now(Wire.exitCode(answer, Halt.GATE_CLOSED), Wire.reason(answer));
        }
    }

    /** The origin that was opened, or the older checkpoint that is taken in a lost one's place. */
    public CompletableFuture<?> restored(Grant grant, String path) {
        return start(
                "reporting what is restored from",
                "/v1/restored",
                Wire.restored(jm, grant.epoch(), path));
    }

    /** Once, and nobody should wait long: it is for an Event only. */
    public CompletableFuture<?> startFailed(Grant grant, String reason) {
        ObjectNode body = ofJob(grant).put("reason", reason);
        return calls.once(() -> client.post("/v1/start-failed", body));
    }

    public void publish(Grant grant, Map<String, String> addresses)
            throws AgentRefusal, GateClosedException {
        repeat(
                "publishing the leader addresses",
                "/v1/publish",
                Wire.publish(jm, grant.epoch(), addresses));
    }

    /** Once. Where each component of the leader is reached; none while nobody leads. */
    public Map<String, LeaderInformation> leaderAddresses() throws IOException, AgentRefusal {
        return Wire.leaders(client.get("/v1/leader"));
    }

    public CompletableFuture<?> addCheckpoint(Grant grant, int maxRetained, Pointer pointer) {
        return start(
                "recording " + pointer,
                "/v1/checkpoints",
                Wire.addCheckpoint(jm, grant.epoch(), jobId(grant), maxRetained, pointer));
    }

    public void addSavepoint(Grant grant, String path, long completedAt)
            throws AgentRefusal, GateClosedException {
        repeat(
                "recording savepoint " + path,
                "/v1/savepoint",
                Wire.savepoint(jm, grant.epoch(), jobId(grant), path, completedAt));
    }

    /** The end of the ids that are this process's, above {@code from}. */
    public CompletableFuture<Long> reserveCheckpointIds(Grant grant, long from, long count) {
        ObjectNode body = Wire.reserveIds(jm, grant.epoch(), from, count);
        return calls.start(
                "reserving checkpoint ids from " + from,
                () -> {
                    JsonNode answer = client.post("/v1/checkpoint-ids", body);
                    long to = Wire.number(answer, "reservedTo");
                    if (to <= from) {
                        throw new IOException("asked for ids from " + from + " on, got " + answer);
                    }
                    return to;
                });
    }

    /** Retires all earlier runs but the last few, and says whose files may go. */
    public List<EarlierRun> earlierRuns(Grant grant) throws AgentRefusal, GateClosedException {
        ObjectNode body = ofJob(grant);
        return calls.repeat(
                "asking for earlier runs",
                () -> Wire.earlierRuns(client.post("/v1/leftovers", body)));
    }

    public void swept(Grant grant, List<JobID> runs) throws AgentRefusal, GateClosedException {
        repeat("reporting the swept runs", "/v1/collected", Wire.swept(jm, grant.epoch(), runs));
    }

    /**
     * Streams the plan, which may be large, to the agent.
     *
     * @param plan called again when the call is repeated
     * @return the sha256 under which it is committed
     */
    public CompletableFuture<String> storePlan(Grant grant, String name, BodyWriter plan) {
        String path = plans(grant) + "&name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        return calls.start("storing the plan", () -> upload(path, plan));
    }

    private String upload(String path, BodyWriter plan) throws IOException, AgentRefusal {
        MessageDigest digest = Sha256.digest();
        JsonNode answer =
                client.put(
                        path,
                        out -> {
                            // The writer is called again when the token was read again.
                            digest.reset();
                            try (OutputStream hashed = new DigestOutputStream(out, digest)) {
                                plan.write(hashed);
                            }
                        });
        String sent = Sha256.hex(digest.digest());
        String stored = Wire.text(answer, "sha256");
        if (!stored.equals(sent)) {
            throw new IOException("sent a plan of sha256 " + sent + ", the agent stored " + stored);
        }
        return stored;
    }

    /** Streams the stored plan; an {@link IOException} of the reader has it sent again. */
    public <T> CompletableFuture<T> loadPlan(Grant grant, BodyReader<T> reader) {
        String path = plans(grant);
        return calls.start("reading the stored plan", () -> client.download(path, reader));
    }

    /**
     * Once, and without an epoch: for a process that waits.
     *
     * <p>By the time the agent answers this process may have been granted, and FENCED would only
     * say that it is not at epoch 0 any more: here that is a refusal like any other.
     */
    public <T> T readPlanAhead(PlanReference plan, BodyReader<T> reader)
            throws IOException, AgentRefusal {
        return client.downloadAhead(plans(plan.jobId(), 0), reader);
    }

    public CompletableFuture<?> dropPlan(Grant grant) {
        String path = plans(grant);
        return calls.start("dropping the stored plan", () -> client.delete(path));
    }

    private String plans(Grant grant) {
        return plans(jobId(grant), grant.epoch());
    }

    private String plans(String jobId, long epoch) {
        return "/v1/plans/" + jobId + "?jm=" + jm + "&epoch=" + epoch;
    }

    public CompletableFuture<?> rejectPlan(Grant grant, String reason) {
        return start(
                "rejecting the stored plan",
                "/v1/plan-rejected",
                ofJob(grant).put("reason", reason));
    }

    /**
     * The job has come to its end.
     *
     * @param cause of a failure
     * @param savepoint what the job was stopped with; empty if with none
     * @param discards whether Flink deletes the job's checkpoints after the answer
     */
    public void result(
            Grant grant,
            JobStatus status,
            @Nullable String cause,
            String savepoint,
            boolean discards)
            throws AgentRefusal, GateClosedException {
        repeat(
                "reporting the job's result " + status,
                "/v1/result",
                Wire.result(
                        jm,
                        grant.epoch(),
                        jobId(grant),
                        status.name(),
                        cause,
                        savepoint,
                        discards));
    }

    /** Once. A SIGTERM came: is the job to stop? Who waits for the answer bounds the wait. */
    public CompletableFuture<TermAnswer> term(Grant grant, Duration patience) {
        ObjectNode body = Wire.call(jm, grant.epoch());
        return calls.once(
                () -> Wire.termAnswer(client.post("/v1/term", body, (int) patience.toMillis())));
    }

    private ObjectNode ofJob(Grant grant) {
        return Wire.ofJob(jm, grant.epoch(), jobId(grant));
    }

    private static String jobId(Grant grant) {
        return grant.start().jobId();
    }

    private CompletableFuture<?> start(String what, String path, ObjectNode body) {
        return calls.start(what, () -> client.post(path, body));
    }

    private void repeat(String what, String path, ObjectNode body)
            throws AgentRefusal, GateClosedException {
        var unused = calls.repeat(what, () -> client.post(path, body));
    }

    /** The gate is closed: what has no answer yet is not tried again. */
    public void end() {
        calls.end();
    }

    /** For tests: a real process ends instead. */
    @Override
    public void close() {
        calls.close();
    }
}
