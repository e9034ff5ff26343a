package io.flinkha.lab.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.flinkha.lab.base.Json;
import io.flinkha.lab.measure.CheckpointPointer;
import java.util.EnumSet;
import java.util.Set;

/**
 * Tells an agent's writes apart: by the object, and by what is new in it compared with the writes
 * that passed before.
 */
final class WriteHistory {
    private final String clusterId;
    private long claimed;
    private JsonNode manifest = MissingNode.getInstance();

    WriteHistory(String clusterId) {
        this.clusterId = clusterId;
    }

    /** What a write is; one commit may be several things at once. */
    synchronized Set<AgentWrite> kinds(ApiRequest asked, String body) {
        if (asked.resource().equals("jobs") && asked.verb().equals("patch")) {
            return EnumSet.of(AgentWrite.JOB_SIGNAL);
        }
        if (!asked.verb().equals("post") && !asked.verb().equals("put")) {
            return Set.of();
        }
        JsonNode object = Json.read(body);
        String name = object.path("metadata").path("name").asText();
        if (asked.resource().equals("leases")) {
            return lease(asked, object);
        }
        if (name.equals(clusterId + "-cluster-config-map")) {
            return EnumSet.of(AgentWrite.LEADER_ADDRESSES);
        }
        if (!name.equals(clusterId + "-flink-ha")) {
            return Set.of();
        }
        return asked.verb().equals("post")
                ? EnumSet.of(AgentWrite.EMPTY_MANIFEST)
                : commit(manifest(object));
    }

    /** A write goes on to the API server: the next ones are compared with it. */
    synchronized void passed(ApiRequest asked, String body) {
        Set<AgentWrite> kinds = kinds(asked, body);
        JsonNode object = kinds.isEmpty() ? MissingNode.getInstance() : Json.read(body);
        if (asked.resource().equals("leases")) {
            claimed = Math.max(claimed, annotation(object, "claimed"));
        } else if (object.path("data").has("manifest.json")) {
            manifest = manifest(object);
        }
    }

    private Set<AgentWrite> lease(ApiRequest asked, JsonNode lease) {
        long epoch = annotation(lease, "epoch");
        if (asked.verb().equals("post") && epoch == 0) {
            return EnumSet.of(AgentWrite.EMPTY_LEASE);
        }
        if (annotation(lease, "released") > 0) {
            return EnumSet.of(AgentWrite.RELEASE);
        }
        long claim = annotation(lease, "claimed");
        if (epoch > claim) {
            return EnumSet.of(AgentWrite.LEASE_ACQUIRE);
        }
        return claim > claimed ? EnumSet.of(AgentWrite.LEASE_CONFIRM) : Set.of();
    }

    private Set<AgentWrite> commit(JsonNode next) {
        if (next.path("epoch").asLong() > manifest.path("epoch").asLong()) {
            return EnumSet.of(AgentWrite.MANIFEST_CLAIM);
        }
        Set<AgentWrite> kinds = EnumSet.noneOf(AgentWrite.class);
        addIf(
                kinds,
                AgentWrite.START,
                !text(next, "run", "jobId").equals(text(manifest, "run", "jobId")));
        boolean otherPlan = !text(next, "plan", "sha256").equals(text(manifest, "plan", "sha256"));
        boolean hasPlan = !text(next, "plan", "sha256").isEmpty();
        addIf(kinds, AgentWrite.PLAN, otherPlan && hasPlan);
        addIf(kinds, AgentWrite.PLAN_DROP, otherPlan && !hasPlan);
        addIf(
                kinds,
                AgentWrite.CHECKPOINT,
                CheckpointPointer.newest(next) > CheckpointPointer.newest(manifest));
        addIf(
                kinds,
                AgentWrite.RESULT,
                next.hasNonNull("result") && !manifest.hasNonNull("result"));
        addIf(
                kinds,
                AgentWrite.IDS,
                next.path("reservedTo").asLong() > manifest.path("reservedTo").asLong());
        return kinds;
    }

    private static void addIf(Set<AgentWrite> kinds, AgentWrite kind, boolean holds) {
        if (holds) {
            kinds.add(kind);
        }
    }

    static JsonNode manifest(JsonNode configMap) {
        JsonNode text = configMap.path("data").path("manifest.json");
        return text.isTextual() ? Json.read(text.asText()) : MissingNode.getInstance();
    }

    private static String text(JsonNode node, String outer, String inner) {
        return node.path(outer).path(inner).asText();
    }

    private static long annotation(JsonNode object, String key) {
        return object.path("metadata").path("annotations").path("flinkha.io/" + key).asLong();
    }
}
