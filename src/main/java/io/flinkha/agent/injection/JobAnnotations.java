package io.flinkha.agent.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkha.agent.config.AgentSetting;
import io.flinkha.agent.config.AgentSettings;
import io.flinkha.agent.config.CheckedConfig;
import io.flinkha.agent.config.ClusterPlace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the annotations of a Job say, those of its template over its own.
 *
 * @param container name of the JobManager's container; empty for the only one
 * @param entrypoint of its image, in words
 * @param resources of our containers: quantities by {@code requests} and {@code limits}, then
 *     {@code cpu} and {@code memory}
 * @param settings of the agent, by their keys without {@code flink-ha.}
 * @param restartRules whether this Kubernetes knows those of a container
 */
record JobAnnotations(
        ClusterPlace place,
        String container,
        List<String> entrypoint,
        String flinkHome,
        String agentImage,
        JsonNode resources,
        Map<String, String> settings,
        boolean restartRules) {
    static final String PREFIX = "flinkha.io/";

    private static final String CLUSTER_ID = AgentSettings.CLUSTER_ID.key();
    private static final String STORAGE_URI = AgentSettings.STORAGE_URI.key();
    private static final String CONTAINER = "job.container";
    private static final String ENTRYPOINT = "entrypoint";

    /** Of Flink's own image. */
    private static final String FLINKS_ENTRYPOINT = "/docker-entrypoint.sh";

    private static final String FLINK_HOME = "flink-home";
    private static final String AGENT_IMAGE = "agent-image";
    private static final String NONCE = AgentSettings.RESTORE_NONCE.key();
    private static final String PATH = AgentSettings.RESTORE_PATH.key();

    /** As {@code resources} has them: where, and what. */
    private static final Map<String, List<String>> RESOURCES =
            Map.of(
                    "agent-cpu-request", List.of("requests", "cpu"),
                    "agent-cpu-limit", List.of("limits", "cpu"),
                    "agent-memory-request", List.of("requests", "memory"),
                    "agent-memory-limit", List.of("limits", "memory"));

    private static final Set<String> OWN =
            Stream.concat(
                            Stream.of(
                                    CLUSTER_ID,
                                    STORAGE_URI,
                                    CONTAINER,
                                    ENTRYPOINT,
                                    FLINK_HOME,
                                    AGENT_IMAGE),
                            RESOURCES.keySet().stream())
                    .collect(Collectors.toUnmodifiableSet());

    /** What applies where a Job does not say otherwise. */
    record Defaults(String agentImage, String storageUri, boolean restartRules) {}

    static JobAnnotations of(JsonNode job, Defaults defaults) throws NotInjectableException {
        Map<String, String> given = new TreeMap<>();
        Stream.of(job, job.path("spec").path("template"))
                .flatMap(
                        object -> object.path("metadata").path("annotations").properties().stream())
                .filter(annotation -> annotation.getKey().startsWith(PREFIX))
                .forEach(annotation ->
                        given.put(
                                annotation.getKey().substring(PREFIX.length()),
                                annotation.getValue().asText()));
        Map<String, String> settings = settings(given);
        String name = job.path("metadata").path("name").asText();
        boolean oneOfMany =
                name.isEmpty()
                        || Json.items(job.path("metadata").path("ownerReferences"))
                                .anyMatch(owner -> owner.path("kind").asText().equals("CronJob"));
        if (oneOfMany && !given.containsKey(CLUSTER_ID)) {
            throw new NotInjectableException(
                    "Job %s has another name each time it is made, and its state would be left behind each time: name the application in annotation %s%s."
                            .formatted(
                                    name.isEmpty()
                                            ? job.path("metadata").path("generateName").asText()
                                            : name,
                                    PREFIX,
                                    CLUSTER_ID));
        }
        ClusterPlace place =
                place(
                        given.getOrDefault(CLUSTER_ID, name),
                        given.getOrDefault(STORAGE_URI, defaults.storageUri()));
        return new JobAnnotations(
                place,
                given.getOrDefault(CONTAINER, ""),
                entrypoint(given.getOrDefault(ENTRYPOINT, FLINKS_ENTRYPOINT)),
                given.getOrDefault(FLINK_HOME, Additions.FLINK_HOME),
                given.getOrDefault(AGENT_IMAGE, defaults.agentImage()),
                resources(given),
                settings,
                defaults.restartRules());
    }

    private static Map<String, String> settings(Map<String, String> given)
            throws NotInjectableException {
        Map<String, String> settings = new TreeMap<>();
        for (Map.Entry<String, String> one : given.entrySet()) {
            String name = one.getKey();
            if (OWN.contains(name)) {
                continue;
            }
            AgentSetting<?> setting =
                    AgentSettings.ofAJob(name)
                            .orElseThrow(() ->
                                    new NotInjectableException(
                                            "Annotation %s%s is not known: there are %s."
                                                    .formatted(PREFIX, name, known())));
            Optional<String> mistake = setting.mistake(one.getValue());
            if (mistake.isPresent()) {
                throw new NotInjectableException(
                        "Annotation %s%s is '%s': %s."
                                .formatted(PREFIX, name, one.getValue(), mistake.get()));
            }
            settings.put(setting.key(), one.getValue());
        }
        if (settings.containsKey(NONCE) && settings.getOrDefault(PATH, "").isEmpty()) {
            throw new NotInjectableException(
                    "Annotation %s%s is set, but %s%s is missing: name the checkpoint or savepoint to start from."
                            .formatted(PREFIX, NONCE, PREFIX, PATH));
        }
        return settings;
    }

    private static List<String> entrypoint(String line) throws NotInjectableException {
        if (line.isBlank()) {
            throw new NotInjectableException(
                    "Annotation %s%s is empty: name the entry point of the JobManager's image, or leave it out for Flink's own, %s."
                            .formatted(PREFIX, ENTRYPOINT, FLINKS_ENTRYPOINT));
        }
        return List.of(line.strip().split("\\s+"));
    }

    private static JsonNode resources(Map<String, String> given) {
        ObjectNode resources = JsonNodeFactory.instance.objectNode();
        RESOURCES.forEach((key, place) -> {
            if (given.containsKey(key)) {
                resources.withObjectProperty(place.get(0)).put(place.get(1), given.get(key));
            }
        });
        return resources;
    }

    /** Whether a second pod waits. */
    boolean standby() {
        return AgentSettings.WARM_STANDBY.in(settings);
    }

    /** What came from the injector's defaults stays what it is when it is asked again. */
    void annotate(ObjectNode annotations) {
        annotations.put(PREFIX + CLUSTER_ID, place.clusterId());
        annotations.put(PREFIX + STORAGE_URI, place.storage().toString());
        annotations.put(PREFIX + AGENT_IMAGE, agentImage);
    }

    private static ClusterPlace place(String clusterId, String storageUri)
            throws NotInjectableException {
        try {
            return ClusterPlace.of(clusterId, storageUri);
        } catch (CheckedConfig.WrongConfig e) {
            throw new NotInjectableException(
                    "%s In a Job these are the annotations %s%s (by default its name) and %s%s."
                            .formatted(e.getMessage(), PREFIX, CLUSTER_ID, PREFIX, STORAGE_URI));
        }
    }

    private static String known() {
        return Stream.concat(
                        OWN.stream(),
                        AgentSettings.all().stream()
                                .filter(AgentSetting::isOfAJob)
                                .map(AgentSetting::annotation))
                .sorted()
                .map(key -> PREFIX + key)
                .collect(Collectors.joining(", "));
    }
}
