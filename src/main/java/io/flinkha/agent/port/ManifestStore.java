package io.flinkha.agent.port;

import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import org.jspecify.annotations.Nullable;

/** The one manifest of this cluster-id. */
public interface ManifestStore {
    /** A quorum read. */
    Result<ManifestView> read();

    /**
     * Replaces it if it still is of {@code version}; anything else is a conflict. Fields that this
     * version of the agent does not know are kept.
     *
     * @param version null creates it; a manifest that exists is a conflict
     * @return the new version
     */
    Result<String> write(Manifest manifest, @Nullable String version);
}
