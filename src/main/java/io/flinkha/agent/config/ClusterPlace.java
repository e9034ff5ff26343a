package io.flinkha.agent.config;

import io.flinkha.agent.config.CheckedConfig.WrongConfig;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A cluster-id and its storage: all that an act of a person needs to be told. */
public record ClusterPlace(String clusterId, URI storage) {

    public static ClusterPlace of(@Nullable String clusterId, @Nullable String storageUri)
            throws WrongConfig {
        Given given =
                new Given(setting ->
                        Optional.ofNullable(
                                setting.equals(AgentSettings.CLUSTER_ID) ? clusterId : storageUri));
        ClusterPlace place = of(given);
        given.check();
        return place;
    }

    /** Means nothing where something is wrong. */
    static ClusterPlace of(Given given) {
        return new ClusterPlace(
                given.required(AgentSettings.CLUSTER_ID),
                URI.create(given.required(AgentSettings.STORAGE_URI)));
    }

    /** This cluster-id's part of the storage, below its URI. */
    public String directory(String namespace) {
        return namespace + "/" + clusterId;
    }
}
