package io.flinkha.agent.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkha.agent.config.AgentSettings;
import io.flinkha.agent.config.ProbeTimes;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** The agent's container for one JobManager: its settings, its storage, its credentials. */
final class AgentContainer {
    private static final List<String> CREDENTIALS =
            List.of("AWS_", "GOOGLE_", "AZURE_", "SSL_CERT_");

    private static final List<String> SECRET_VOLUMES = List.of("secret", "projected", "csi");

    private final String where;
    private final JobAnnotations annotations;
    private final JsonNode jobManager;
    private final ObjectNode agent;
    private final JsonNode volumes;

    /**
     * @param jobManager is read only
     * @param added what each agent's container has
     * @param volumes of the pod, before ours are among them
     */
    AgentContainer(
            String where,
            JobAnnotations annotations,
            JsonNode jobManager,
            JsonNode added,
            JsonNode volumes) {
        this.where = where;
        this.annotations = annotations;
        this.jobManager = jobManager;
        this.agent = added.deepCopy();
        this.volumes = volumes;
    }

    ObjectNode completed() throws NotInjectableException {
        Json.env(agent, AgentSettings.CLUSTER_ID.variable(), annotations.place().clusterId());
        Json.env(
                agent,
                AgentSettings.STORAGE_URI.variable(),
                annotations.place().storage().toString());
        annotations
                .settings()
                .forEach((key, value) ->
                        Json.env(agent, AgentSettings.byKey(key).variable(), value));
        URI storage = annotations.place().storage();
        if (storage.getScheme().equals("file")) {
            mountStorage(storage.getPath());
        } else {
            passCredentials();
        }
        probes();
        int management = AgentSettings.MANAGEMENT_PORT.in(annotations.settings());
        if (management == AgentSettings.CONTROL_PORT.in(annotations.settings())) {
            throw new NotInjectableException(
                    "%s: management.port and control.port are both %d: give each its own."
                            .formatted(where, management));
        }
        ((ObjectNode) agent.path("ports").get(0)).put("containerPort", management);
        return agent;
    }

    private void probes() throws NotInjectableException {
        ProbeTimes times;
        try {
            times = ProbeTimes.of(annotations.settings());
        } catch (IllegalArgumentException e) {
            throw new NotInjectableException(where + ": " + e.getMessage());
        }
        ((ObjectNode) agent.path("livenessProbe"))
                .put("periodSeconds", times.livenessPeriodSeconds())
                .put("failureThreshold", times.livenessFailures());
        ((ObjectNode) agent.path("readinessProbe"))
                .put("periodSeconds", times.readinessPeriodSeconds());
    }

    private void mountStorage(String path) throws NotInjectableException {
        JsonNode mount =
                Json.items(jobManager.path("volumeMounts"))
                        .filter(one -> Mounts.isBelow(path, one))
                        .max(
                                Comparator.comparingInt(
                                        one -> one.path("mountPath").asText().length()))
                        .orElseThrow(() ->
                                new NotInjectableException(
                                        "%s: storage %s is on no volume of container %s: mount one there that JobManager and TaskManagers share."
                                                .formatted(where, path, Json.name(jobManager))));
        if (mount.path("readOnly").asBoolean()) {
            throw new NotInjectableException(
                    "%s: storage %s is mounted read-only in container %s: mount it writable."
                            .formatted(where, path, Json.name(jobManager)));
        }
        Mounts.put(agent.withArrayProperty("volumeMounts"), mount);
    }

    /**
     * As the JobManager has them: variables, what Secrets give it, and the files they name. Where a
     * variable's value stands elsewhere, its file may be on any volume that brings secrets.
     */
    private void passCredentials() {
        boolean elsewhere = jobManager.has("envFrom");
        if (elsewhere) {
            agent.set("envFrom", jobManager.path("envFrom"));
        }
        for (JsonNode one : jobManager.path("env")) {
            if (CREDENTIALS.stream().anyMatch(Json.name(one)::startsWith)) {
                Json.put(agent.withArrayProperty("env"), one);
                String value = one.path("value").asText();
                elsewhere |= value.isEmpty() || value.contains("$(");
                passMounts(mount -> Mounts.isBelow(value, mount));
            }
        }
        if (elsewhere) {
            passMounts(this::bringsSecrets);
        }
    }

    private void passMounts(Predicate<JsonNode> which) {
        ArrayNode mounts = agent.withArrayProperty("volumeMounts");
        Json.items(jobManager.path("volumeMounts"))
                .filter(which)
                .forEach(mount -> Mounts.put(mounts, mount));
    }

    private boolean bringsSecrets(JsonNode mount) {
        JsonNode volume = Json.named(volumes, Json.name(mount));
        return volume != null && SECRET_VOLUMES.stream().anyMatch(volume::has);
    }
}
