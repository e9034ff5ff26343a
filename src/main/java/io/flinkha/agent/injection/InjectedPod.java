package io.flinkha.agent.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkha.agent.config.AgentSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The template's pod: agent and jar beside the JobManager, which is started by way of them. */
final class InjectedPod {
    private static final List<String> USER =
            List.of("runAsUser", "runAsGroup", "runAsNonRoot", "seccompProfile");

    private final String where;
    private final ObjectNode spec;
    private final JobAnnotations annotations;
    private final boolean again;
    private final JsonNode added = Additions.pod();

    /**
     * @param again it was injected before: what is there under our names is ours
     */
    InjectedPod(String where, ObjectNode spec, JobAnnotations annotations, boolean again) {
        this.where = where;
        this.spec = spec;
        this.annotations = annotations;
        this.again = again;
    }

    void inject(List<String> warnings) throws NotInjectableException {
        ObjectNode jobManager = jobManager();
        refuse(jobManager);
        launch(jobManager);
        List<ObjectNode> containers = containers(jobManager);
        if (!spec.path("securityContext").has("runAsUser")
                && !jobManager.path("securityContext").has("runAsUser")) {
            warnings.add(
                    "%s sets no runAsUser: the JobManager's image has to run as user 9999, as the agent's does, or neither can use the other's files."
                            .formatted(where));
        }
        addToJobManager(jobManager);
        placeInitContainers(containers);
        Json.putAll(spec.withArrayProperty("volumes"), added.path("volumes"));
        Json.addMissing(spec.withArrayProperty("tolerations"), added.path("tolerations"), "key");
        restarts(jobManager);
        if (annotations.standby() && spec.path("topologySpreadConstraints").isEmpty()) {
            spec.set("topologySpreadConstraints", Additions.topologySpread());
        }
        for (JsonNode other : spec.path("containers")) {
            if (!Json.name(other).equals(Json.name(jobManager))) {
                warnings.add(
                        "%s is complete only when container %s has ended too: one that accompanies the JobManager is an init container with restartPolicy Always."
                                .formatted(where, Json.name(other)));
            }
        }
        if (!spec.has("automountServiceAccountToken")) {
            spec.put("automountServiceAccountToken", false);
        } else if (spec.path("automountServiceAccountToken").asBoolean()) {
            warnings.add(
                    "%s mounts the service account's token into each container: what runs in the JobManager can write Lease and manifest."
                            .formatted(where));
        }
    }

    /**
     * Both of our containers run the agent's image; agent and JobManager lock the same file. A
     * quota asks for resources of each.
     */
    private List<ObjectNode> containers(JsonNode jobManager) throws NotInjectableException {
        JsonNode context = jobManager.path("securityContext");
        List<ObjectNode> containers = new ArrayList<>();
        for (JsonNode one : added.path("initContainers")) {
            ObjectNode container =
                    Json.name(one).equals(Additions.AGENT)
                            ? new AgentContainer(
                                            where,
                                            annotations,
                                            jobManager,
                                            one,
                                            spec.path("volumes"))
                                    .completed()
                            : one.deepCopy();
            container.put("image", annotations.agentImage());
            annotations
                    .resources()
                    .properties()
                    .forEach(kind ->
                            container
                                    .withObjectProperty("resources")
                                    .withObjectProperty(kind.getKey())
                                    .setAll((ObjectNode) kind.getValue()));
            ObjectNode own = container.withObjectProperty("securityContext");
            USER.forEach(field -> {
                if (context.has(field)) {
                    own.set(field, context.path(field));
                }
            });
            containers.add(container);
        }
        return containers;
    }

    private ObjectNode jobManager() throws NotInjectableException {
        JsonNode containers = spec.path("containers");
        if (!annotations.container().isEmpty()) {
            return found(Json.named(containers, annotations.container()), annotations.container());
        }
        if (containers.size() == 1) {
            return (ObjectNode) containers.get(0);
        }
        return found(Json.named(containers, "jobmanager"), "jobmanager");
    }

    private ObjectNode found(@Nullable ObjectNode container, String name)
            throws NotInjectableException {
        if (container == null) {
            throw new NotInjectableException(
                    "%s has no container '%s': name the JobManager's in annotation %sjob.container."
                            .formatted(where, name, JobAnnotations.PREFIX));
        }
        return container;
    }

    private void refuse(ObjectNode jobManager) throws NotInjectableException {
        if (spec.path("hostNetwork").asBoolean()) {
            throw new NotInjectableException(
                    "%s has hostNetwork: every pod of the node could reach the agent's control port; take it out."
                            .formatted(where));
        }
        if (again) {
            return;
        }
        for (String list : List.of("initContainers", "containers", "volumes")) {
            Stream.Builder<String> names = Stream.builder();
            added.path("initContainers").forEach(one -> names.add(Json.name(one)));
            added.path("volumes").forEach(one -> names.add(Json.name(one)));
            for (String name : names.build().toList()) {
                if (Json.named(spec.path(list), name) != null) {
                    throw new NotInjectableException(
                            "%s has '%s' among its %s, a name that the injector needs: give it another."
                                    .formatted(where, name, list));
                }
            }
        }
        for (JsonNode ours : addedToJobManager().path("volumeMounts")) {
            if (!Mounts.isBelow(Mounts.path(ours), Additions.FLINK_HOME)) {
                refuseMountsAt(Mounts.path(ours), jobManager);
            }
        }
    }

    private void refuseMountsAt(String ours, ObjectNode jobManager) throws NotInjectableException {
        for (JsonNode mount : jobManager.path("volumeMounts")) {
            String path = Mounts.path(mount);
            if (Mounts.isBelow(path, ours) || Mounts.isBelow(ours, path)) {
                throw new NotInjectableException(
                        "%s mounts a volume at %s, where the agent's goes (%s): mount it elsewhere."
                                .formatted(where, path, ours));
            }
        }
    }

    private void launch(ObjectNode jobManager) throws NotInjectableException {
        String name = "%s, container %s".formatted(where, Json.name(jobManager));
        new Launch(
                        name,
                        annotations.place().clusterId(),
                        annotations.entrypoint(),
                        spec.path("terminationGracePeriodSeconds").asLong(30),
                        annotations.settings().get(AgentSettings.CONTROL_PORT.key()))
                .takeOver(jobManager);
    }

    private JsonNode addedToJobManager() {
        return Additions.jobManager(added);
    }

    /** A path that its owner has set stays. */
    private void addToJobManager(ObjectNode jobManager) {
        ArrayNode env = jobManager.withArrayProperty("env");
        for (JsonNode one : addedToJobManager().path("env")) {
            if (!one.has("value")) {
                Json.put(env, one);
            } else if (Json.named(env, Json.name(one)) == null) {
                env.add(atHome(one, "value"));
            }
        }
        Json.env(jobManager, AgentSettings.CLUSTER_ID.variable(), annotations.place().clusterId());
        Json.env(
                jobManager,
                AgentSettings.STORAGE_URI.variable(),
                annotations.place().storage().toString());
        ArrayNode mounts = jobManager.withArrayProperty("volumeMounts");
        addedToJobManager()
                .path("volumeMounts")
                .forEach(mount -> Mounts.put(mounts, atHome(mount, "mountPath")));
    }

    private JsonNode atHome(JsonNode one, String field) {
        String home = Additions.FLINK_HOME + "/";
        String path = one.path(field).asText();
        return path.startsWith(home)
                ? one.<ObjectNode>deepCopy()
                        .put(field, annotations.flinkHome() + "/" + path.substring(home.length()))
                : one;
    }

    /**
     * Ours last: what the pod prepares, and proxies that it talks through, may be what the agent
     * needs, and an agent leads only once the JobManager can start.
     */
    private void placeInitContainers(List<ObjectNode> containers) {
        ArrayNode all = spec.arrayNode();
        spec.path("initContainers")
                .forEach(one -> {
                    if (Json.named(added.path("initContainers"), Json.name(one)) == null) {
                        all.add(one);
                    }
                });
        all.addAll(containers);
        spec.set("initContainers", all);
    }

    /**
     * The second line, behind the supervisor. Where the kubelet starts any container again, there
     * is nothing to add.
     */
    private void restarts(ObjectNode jobManager) {
        if (!spec.path("restartPolicy").asText().equals("OnFailure")) {
            spec.put("restartPolicy", "Never");
            if (!annotations.restartRules()) {
                return;
            }
            jobManager.put("restartPolicy", "Never");
            jobManager.set("restartPolicyRules", Additions.restartRules());
        }
    }
}
