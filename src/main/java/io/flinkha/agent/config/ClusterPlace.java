package io.flinkha.agent.config;

import io.flinkha.agent.config.CheckedConfig.WrongConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A cluster-id and its storage: all that an act of a person needs to be told. */
public record ClusterPlace(String clusterId, URI storage) {

    public static ClusterPlace of(@Nullable String clusterId, @Nullable String storageUri)
            throws WrongConfig {
        List<String> mistakes = new ArrayList<>();
        ClusterPlace place =
                new ClusterPlace(
                        CheckedConfig.clusterId(Optional.ofNullable(clusterId), mistakes),
                        StorageUri.checked(Optional.ofNullable(storageUri), mistakes));
        if (!mistakes.isEmpty()) {
            throw new WrongConfig(mistakes);
        }
        return place;
    }

    /** This cluster-id's part of the storage, below its URI. */
    public String directory(String namespace) {
        return namespace + "/" + clusterId;
    }
}
