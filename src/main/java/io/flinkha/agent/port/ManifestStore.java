package io.flinkha.agent.port;

import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;

/** The one manifest of this cluster-id. */
public interface ManifestStore {
    /** A quorum read. */
    Result<ManifestView> read();

    /**
     * Creates one that says nothing yet; one that exists is a conflict.
     *
     * @return its version
     */
    Result<String> createEmpty();

    /**
     * Replaces it if it still is of {@code version}; anything else is a conflict. Fields that this
     * version of the agent does not know are kept.
     *
     * @return the new version
     */
    Result<String> write(Manifest manifest, String version);
}
