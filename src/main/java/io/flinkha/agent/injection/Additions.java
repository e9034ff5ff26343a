package io.flinkha.agent.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a Job gets besides what it says itself: the patches in deploy/ that kustomize merges into
 * the Job there. Each asks for a copy of its own.
 */
final class Additions {
    static final String AGENT = "flink-ha-agent";

    /** Where they take Flink to be, as its own image has it. */
    static final String FLINK_HOME = "/opt/flink";

    private static final JsonNode JOB = Yaml.resource("agent.yaml").path("spec");
    private static final JsonNode RESTART_RULES =
            jobManager(pod(Yaml.resource("restart-rules.yaml").path("spec")))
                    .path("restartPolicyRules");
    private static final JsonNode STANDBY = Yaml.resource("warm-standby.yaml").path("spec");

    private Additions() {}

    /**
     * Fields of a Job's spec.
     *
     * @param standby a second pod waits; a field that it says null of goes, as in kustomize
     */
    static ObjectNode job(boolean standby) {
        ObjectNode job = JOB.deepCopy();
        if (standby) {
            job.setAll((ObjectNode) STANDBY.deepCopy());
        }
        job.remove("template");
        return job;
    }

    static JsonNode pod() {
        return pod(JOB).deepCopy();
    }

    static JsonNode restartRules() {
        return RESTART_RULES.deepCopy();
    }

    /** Of a Job with a standby. */
    static JsonNode topologySpread() {
        return pod(STANDBY).path("topologySpreadConstraints").deepCopy();
    }

    static JsonNode jobManager(JsonNode pod) {
        return pod.path("containers").path(0);
    }

    private static JsonNode pod(JsonNode job) {
        return job.path("template").path("spec");
    }
}
