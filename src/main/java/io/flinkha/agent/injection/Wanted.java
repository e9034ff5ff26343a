package io.flinkha.agent.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkha.agent.config.AgentSettings;
import io.flinkha.agent.config.CheckedConfig;
import io.flinkha.agent.config.ClusterPlace;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the annotations of a Job say, those of its template over its own.
 *
 * @param container name of the JobManager's container; empty for the only one
 * @param settings of the agent, by their keys without {@code flink-ha.}
 */
record Wanted(
        ClusterPlace place,
        String container,
        String flinkHome,
        String agentImage,
        Map<String, String> settings) {
    static final String PREFIX = "flinkha.io/";

    private static final String CLUSTER_ID = "cluster-id";
    private static final String STORAGE_URI = "storage.uri";
    private static final String CONTAINER = "job.container";
    private static final String FLINK_HOME = "flink-home";
    private static final String AGENT_IMAGE = "agent-image";
    private static final Set<String> OWN =
            Set.of(CLUSTER_ID, STORAGE_URI, CONTAINER, FLINK_HOME, AGENT_IMAGE);

    /** What applies where a Job does not say otherwise. */
    record Defaults(String agentImage, String storageUri) {}

    static Wanted of(JsonNode job, Defaults defaults) throws NotInjectableException {
        Map<String, String> given = new TreeMap<>();
        Stream.of(job, job.path("spec").path("template"))
                .flatMap(
                        object -> object.path("metadata").path("annotations").properties().stream())
                .filter(annotation -> annotation.getKey().startsWith(PREFIX))
                .forEach(annotation ->
                        given.put(
                                annotation.getKey().substring(PREFIX.length()),
                                annotation.getValue().asText()));
        Map<String, String> settings = new TreeMap<>(given);
        settings.keySet().removeAll(OWN);
        for (String key : settings.keySet()) {
            if (!AgentSettings.OF_A_JOB.contains(key)) {
                throw new NotInjectableException(
                        "Annotation %s%s is not known: there are %s."
                                .formatted(PREFIX, key, known()));
            }
        }
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
        return new Wanted(
                place,
                given.getOrDefault(CONTAINER, ""),
                given.getOrDefault(FLINK_HOME, "/opt/flink"),
                given.getOrDefault(AGENT_IMAGE, defaults.agentImage()),
                settings);
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
        return Stream.concat(OWN.stream(), AgentSettings.OF_A_JOB.stream())
                .sorted()
                .map(key -> PREFIX + key)
                .collect(Collectors.joining(", "));
    }
}
