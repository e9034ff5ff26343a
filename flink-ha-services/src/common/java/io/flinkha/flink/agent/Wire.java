package io.flinkha.flink.agent;

import io.flinkha.flink.config.EffectiveSetting;
import io.flinkha.flink.process.Run;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** The bodies of {@code docs/PROTOCOL.md}, version 1. Fields that it does not know are ignored. */
public final class Wire {
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

    /** The fields that nearly every call starts with; all there is to a gate call. */
    public static ObjectNode call(String jm, long epoch) {
        return JSON.createObjectNode().put("jm", jm).put("epoch", epoch);
    }

    public static ObjectNode ofJob(Run run) {
        return ofJob(run.jm(), run.epoch(), run.jobId().toHexString());
    }

    public static ObjectNode ofJob(String jm, long epoch, String jobId) {
        return call(jm, epoch).put("jobId", jobId);
    }

    public static ObjectNode restored(String jm, long epoch, String path) {
        return call(jm, epoch).put("path", path);
    }

    public static ObjectNode publish(String jm, long epoch, Map<String, String> leaders) {
        ObjectNode body = call(jm, epoch);
        ObjectNode map = body.putObject("leaders");
        leaders.forEach(map::put);
        return body;
    }

    public static ObjectNode addCheckpoint(
            String jm, long epoch, String jobId, int maxRetained, Pointer pointer) {
        ObjectNode body = ofJob(jm, epoch, jobId).put("maxRetained", maxRetained);
        body.set("checkpoint", write(pointer));
        return body;
    }

    public static ObjectNode reserveIds(String jm, long epoch, long reservedTo, long count) {
        return call(jm, epoch).put("reservedTo", reservedTo).put("count", count);
    }

    public static ObjectNode result(
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

    public static ObjectNode savepoint(
            String jm, long epoch, String jobId, String path, long completedAt) {
        ObjectNode body = ofJob(jm, epoch, jobId);
        body.putObject("savepoint").put("path", path).put("completedAt", completedAt);
        return body;
    }

    public static List<EarlierRun> earlierRuns(JsonNode node) throws IOException {
        List<EarlierRun> runs = new ArrayList<>();
        for (JsonNode collect : node.path("collect")) {
            runs.add(new EarlierRun(text(collect, "jobId"), text(collect, "path"), false));
        }
        for (JsonNode keep : node.path("keep")) {
            runs.add(new EarlierRun(text(keep, "jobId"), text(keep, "path"), true));
        }
        return runs;
    }

    public static ObjectNode collected(String jm, long epoch, List<String> jobIds) {
        ObjectNode body = call(jm, epoch);
        jobIds.forEach(body.putArray("jobIds")::add);
        return body;
    }

    public static ObjectNode write(Pointer pointer) {
        return JSON.createObjectNode()
                .put("id", pointer.id())
                .put("path", pointer.path())
                .put("metadata", pointer.metadata())
                .put("metadataBytes", pointer.metadataBytes())
                .put("timestamp", pointer.timestamp())
                .put("completedAt", pointer.completedAt());
    }

    public static Pointer pointer(JsonNode node) throws IOException {
        return new Pointer(
                number(node, "id"),
                text(node, "path"),
                text(node, "metadata"),
                number(node, "metadataBytes"),
                number(node, "timestamp"),
                number(node, "completedAt"));
    }

    public static BootPlan bootPlan(JsonNode node) throws IOException {
        BootPlan.Kind kind = kind(text(node, "kind"));
        List<Pointer> checkpoints = new ArrayList<>();
        for (JsonNode checkpoint : node.path("checkpoints")) {
            checkpoints.add(pointer(checkpoint));
        }
        List<BootPlan.Restore> candidates = new ArrayList<>();
        for (JsonNode candidate : node.path("candidates")) {
            candidates.add(restore(candidate.asText(), node));
        }
        JsonNode restoredFrom = node.path("restoredFrom");
        JsonNode snapshot = node.path("snapshot");
        return new BootPlan(
                kind,
                node.path("reason").asText(""),
                text(node, "jobId"),
                number(node, "reservedTo"),
                kind == BootPlan.Kind.RESUME ? text(node, "jobName") : "",
                snapshot.isObject()
                        ? new BootPlan.Snapshot(text(snapshot, "sha256"), number(snapshot, "bytes"))
                        : null,
                checkpoints,
                restoredFrom.isObject() ? restore(text(restoredFrom, "path"), restoredFrom) : null,
                candidates,
                node.path("allowOlderCheckpoint").asBoolean(false));
    }

    public static Map<String, String> leaders(JsonNode node) {
        Map<String, String> leaders = new TreeMap<>();
        JsonNode map = node.path("leaders");
        for (Iterator<String> names = map.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            leaders.put(name, map.path(name).asText());
        }
        return leaders;
    }

    /** The exit code of a HALT answer. */
    public static int exitCode(JsonNode answer, int otherwise) {
        return (int) answer.path("code").asLong(otherwise);
    }

    public static String reason(JsonNode answer) {
        return answer.path("reason").asText("the agent said so, without a reason");
    }

    public static String text(JsonNode node, String field) throws IOException {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            throw new IOException("the agent's answer has no text '" + field + "': " + node);
        }
        return value.asText();
    }

    public static long number(JsonNode node, String field) throws IOException {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber()) {
            throw new IOException("the agent's answer has no number '" + field + "': " + node);
        }
        return value.asLong();
    }

    static byte[] bytes(JsonNode body) throws JsonProcessingException {
        return JSON.writeValueAsBytes(body);
    }

    public static JsonNode read(InputStream in) throws IOException {
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

    private static BootPlan.Restore restore(String path, JsonNode node) {
        return new BootPlan.Restore(
                path,
                node.path("claimMode").asText("NO_CLAIM"),
                node.path("allowNonRestoredState").asBoolean(false));
    }

    private static BootPlan.Kind kind(String name) throws IOException {
        try {
            return BootPlan.Kind.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new IOException("this jar does not know the boot plan kind " + name, e);
        }
    }
}
