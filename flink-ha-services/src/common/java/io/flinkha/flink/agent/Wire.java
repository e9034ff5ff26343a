package io.flinkha.flink.agent;

import io.flinkha.flink.config.EffectiveSetting;
import io.flinkha.flink.jvm.Halt;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of {@code docs/PROTOCOL.md}, version 1. Fields that it does not know are ignored.
 *
 * <p>Some things have another name on the wire than everywhere else in this jar; that document
 * lists them. Those of fields are known here alone, those in paths to {@link Agent}.
 */
final class Wire {
    static final String START = "plan";
    static final String PLAN = "snapshot";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Wire() {}

    static ObjectNode register(
            String jm, String flink, String userCode, List<EffectiveSetting> effective) {
        ObjectNode body =
                JSON.createObjectNode().put("jm", jm).put("flink", flink).put("userCode", userCode);
        ArrayNode settings = body.putArray("settings");
        for (EffectiveSetting setting : effective) {
            settings.addObject()
                    .put("name", setting.name())
                    .put("value", setting.shown())
                    .put("source", setting.source());
        }
        return body;
    }

    /** The fields that nearly every call starts with. */
    static ObjectNode call(String jm, long epoch) {
        return JSON.createObjectNode().put("jm", jm).put("epoch", epoch);
    }

    static ObjectNode gate(String jm, long epoch, Watched watched) {
        ObjectNode body = call(jm, epoch);
        watched.hung().ifPresent(hung -> body.put("hung", hung));
        watched.progressMillis().ifPresent(millis -> body.put("progressMillis", millis));
        return body;
    }

    static ObjectNode ofJob(String jm, long epoch, String jobId) {
        return call(jm, epoch).put("jobId", jobId);
    }

    static ObjectNode restored(String jm, long epoch, String path) {
        return call(jm, epoch).put("path", path);
    }

    static ObjectNode publish(String jm, long epoch, Map<String, String> addresses) {
        ObjectNode body = call(jm, epoch);
        ObjectNode map = body.putObject("leaders");
        addresses.forEach(map::put);
        return body;
    }

    static ObjectNode addCheckpoint(
            String jm, long epoch, String jobId, int maxRetained, Pointer pointer) {
        ObjectNode body = ofJob(jm, epoch, jobId).put("maxRetained", maxRetained);
        body.set("checkpoint", write(pointer));
        return body;
    }

    static ObjectNode reserveIds(String jm, long epoch, long reservedTo, long count) {
        return call(jm, epoch).put("reservedTo", reservedTo).put("count", count);
    }

    static ObjectNode result(
            String jm,
            long epoch,
            String jobId,
            String status,
            @Nullable String cause,
            String savepoint,
            boolean discards) {
        ObjectNode body = ofJob(jm, epoch, jobId).put("status", status);
        if (discards) {
            body.put("discards", true);
        }
        if (cause != null) {
            body.put("cause", cause);
        }
        return savepoint.isEmpty() ? body : body.put("savepoint", savepoint);
    }

    static ObjectNode savepoint(
            String jm, long epoch, String jobId, String path, long completedAt) {
        ObjectNode body = ofJob(jm, epoch, jobId);
        body.putObject("savepoint").put("path", path).put("completedAt", completedAt);
        return body;
    }

    static List<EarlierRun> earlierRuns(JsonNode node) throws IOException {
        List<EarlierRun> runs = new ArrayList<>();
        for (JsonNode collect : node.path("collect")) {
            runs.add(new EarlierRun(text(collect, "jobId"), text(collect, "path"), false));
        }
        for (JsonNode keep : node.path("keep")) {
            runs.add(new EarlierRun(text(keep, "jobId"), text(keep, "path"), true));
        }
        return runs;
    }

    static ObjectNode swept(String jm, long epoch, List<JobID> runs) {
        ObjectNode body = call(jm, epoch);
        ArrayNode jobIds = body.putArray("jobIds");
        runs.forEach(run -> jobIds.add(run.toHexString()));
        return body;
    }

    static ObjectNode write(Pointer pointer) {
        return JSON.createObjectNode()
                .put("id", pointer.id())
                .put("path", pointer.path())
                .put("metadata", pointer.metadata())
                .put("metadataBytes", pointer.metadataBytes())
                .put("timestamp", pointer.timestamp())
                .put("completedAt", pointer.completedAt());
    }

    static Pointer pointer(JsonNode node) throws IOException {
        return new Pointer(
                number(node, "id"),
                text(node, "path"),
                text(node, "metadata"),
                number(node, "metadataBytes"),
                number(node, "timestamp"),
                number(node, "completedAt"));
    }

    /**
     * @param first whether OPEN brings the grant
     */
    static GateAnswer gateAnswer(JsonNode answer, boolean first) throws IOException {
        String verdict = text(answer, "answer");
        switch (verdict) {
            case "WAIT":
                return GateAnswer.waiting(
                        answer.path("reason").asText(""), ahead(answer.path("ahead")));
            case "OPEN":
                long epoch = number(answer, "epoch");
                return GateAnswer.open(
                        epoch,
                        number(answer, "remainingMillis"),
                        first ? grant(answer, epoch) : null,
                        answer.path("publish").asBoolean(false));
            default:
                throw new IOException("this jar does not know the gate answer " + verdict);
        }
    }

    private static @Nullable PlanReference ahead(JsonNode node) throws IOException {
        return node.isObject()
                ? new PlanReference(
                        text(node, "jobId"), text(node, "sha256"), number(node, "bytes"))
                : null;
    }

    private static Grant grant(JsonNode answer, long epoch) throws IOException {
        return new Grant(
                epoch, UUID.fromString(text(answer, "session")), start(answer.path(START)));
    }

    static Start start(JsonNode node) throws IOException {
        String kind = text(node, "kind");
        String reason = node.path("reason").asText("");
        String jobId = text(node, "jobId");
        long reservedTo = number(node, "reservedTo");
        switch (kind) {
            case "FRESH":
                return new Start.Fresh(reason, jobId, reservedTo);
            case "RESUME":
                return resume(node, reason, jobId, reservedTo);
            case "RESTORE":
                List<Start.Origin> candidates = new ArrayList<>();
                for (JsonNode candidate : node.path("candidates")) {
                    candidates.add(origin(candidate.asText(), node));
                }
                return new Start.Restore(reason, jobId, reservedTo, candidates);
            default:
                throw new IOException("this jar does not know the start kind " + kind);
        }
    }

    private static Start resume(JsonNode node, String reason, String jobId, long reservedTo)
            throws IOException {
        List<Pointer> checkpoints = new ArrayList<>();
        for (JsonNode checkpoint : node.path("checkpoints")) {
            checkpoints.add(pointer(checkpoint));
        }
        JsonNode restoredFrom = node.path("restoredFrom");
        JsonNode plan = node.path(PLAN);
        return new Start.Resume(
                reason,
                jobId,
                reservedTo,
                text(node, "jobName"),
                plan.isObject() ? text(plan, "sha256") : "",
                checkpoints,
                restoredFrom.isObject() ? origin(text(restoredFrom, "path"), restoredFrom) : null,
                node.path("allowOlderCheckpoint").asBoolean(false));
    }

    /** Where the components of the leader are reached: all in one session. */
    static Map<String, LeaderInformation> leaders(JsonNode answer) throws IOException {
        JsonNode addresses = answer.path("leaders");
        Map<String, LeaderInformation> leaders = new TreeMap<>();
        for (Iterator<String> names = addresses.fieldNames(); names.hasNext(); ) {
            String component = names.next();
            leaders.put(
                    component,
                    LeaderInformation.known(
                            UUID.fromString(text(answer, "session")), text(addresses, component)));
        }
        return leaders;
    }

    static TermAnswer termAnswer(JsonNode answer) throws IOException {
        String verdict = text(answer, "answer");
        switch (verdict) {
            case "SHUTDOWN":
                return TermAnswer.shutdown(reason(answer));
            case "HALT":
                return TermAnswer.halt(exitCode(answer, Halt.TERMINATED), reason(answer));
            default:
                throw new IOException("this jar does not know the answer " + verdict);
        }
    }

    /** The exit code of a HALT answer. */
    static int exitCode(JsonNode answer, int otherwise) {
        return (int) answer.path("code").asLong(otherwise);
    }

    static String reason(JsonNode answer) {
        return answer.path("reason").asText("the agent said so, without a reason");
    }

    static String text(JsonNode node, String field) throws IOException {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            throw new IOException("the agent's answer has no text '" + field + "': " + node);
        }
        return value.asText();
    }

    static long number(JsonNode node, String field) throws IOException {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber()) {
            throw new IOException("the agent's answer has no number '" + field + "': " + node);
        }
        return value.asLong();
    }

    static byte[] bytes(JsonNode body) throws JsonProcessingException {
        return JSON.writeValueAsBytes(body);
    }

    static JsonNode read(InputStream in) throws IOException {
        return JSON.readTree(in);
    }

    /** Reads an error body; one that is not ours, such as a proxy's page, counts as empty. */
    static JsonNode readOrEmpty(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }

    private static Start.Origin origin(String path, JsonNode node) {
        return new Start.Origin(
                path,
                node.path("claimMode").asText("NO_CLAIM"),
                node.path("allowNonRestoredState").asBoolean(false));
    }
}
