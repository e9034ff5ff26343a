package io.flinkha.agent.port;

import io.flinkha.agent.core.restart.PodView;
import java.util.Optional;

/** The pods of this namespace, one at a time. */
public interface Pods {
    /** A quorum read; empty if there is none of this name. */
    Result<Optional<PodView>> read(String name);
}
