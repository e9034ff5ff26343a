package io.flinkha.lab.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkha.lab.base.Json;

/** The messages of docs/PROTOCOL.md between the jar in the JobManager and the agent. */
public enum ControlMessage {
    REGISTER("register", "POST", "/v1/register"),
    /** A poll of a process that has no epoch yet. */
    GATE_FIRST("gate first poll", "POST", "/v1/gate"),
    /** The answer that grants: which poll it answers is not known before it is there. */
    GATE_OPEN("gate first OPEN", "POST", "/v1/gate"),
    RESTORED("restored", "POST", "/v1/restored"),
    PUBLISH("publish", "POST", "/v1/publish"),
    CHECKPOINTS("checkpoints", "POST", "/v1/checkpoints"),
    CHECKPOINT_IDS("checkpoint-ids", "POST", "/v1/checkpoint-ids"),
    PLAN_PUT("plans PUT", "PUT", "/v1/plans/"),
    PLAN_GET("plans GET", "GET", "/v1/plans/"),
    PLAN_DELETE("plans DELETE", "DELETE", "/v1/plans/"),
    RESULT("result", "POST", "/v1/result");

    private final String title;
    private final String method;
    private final String path;

    ControlMessage(String title, String method, String path) {
        this.title = title;
        this.method = method;
        this.path = path;
    }

    public String title() {
        return title;
    }

    /** Whether a request is this message; its body counts for the gate only. */
    boolean matches(String asked, String uri, String body) {
        boolean here =
                asked.equals(method)
                        && (path.endsWith("/") ? uri.startsWith(path) : uri.equals(path));
        return here && (!path.equals("/v1/gate") || withoutEpoch(body));
    }

    /** Whether an answer to it is the one that is meant. */
    boolean answeredBy(String reply) {
        return this != GATE_OPEN || Json.read(reply).path("answer").asText().equals("OPEN");
    }

    private static boolean withoutEpoch(String body) {
        JsonNode epoch = Json.read(body).path("epoch");
        return epoch.isNumber() && epoch.asLong() == 0;
    }
}
