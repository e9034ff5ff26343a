package io.flinkha.agent.port;

import java.io.IOException;
import java.util.Optional;

/** Copies of the manifest in storage, for the day on which the API server has lost it. */
public interface ManifestMirror {
    /** Name of the newest copy. */
    Optional<String> newest() throws IOException;
}
