package io.flinkha.agent.port;

import io.flinkha.agent.core.lease.LeaseRecord;
import java.util.Optional;

/** The one Lease of this cluster-id. */
public interface LeaseStore {
    /** A quorum read; empty if the object does not exist. */
    Result<Optional<LeaseRecord>> read();

    /** Creates it without a holder; a Lease that exists is a conflict. */
    Result<LeaseRecord> createEmpty();

    /**
     * Replaces it if it still is of {@code lease.version()}, and this is what was read or written
     * here last; anything else is a conflict. Wishes stay as they were then. Returns it with its
     * new version.
     */
    Result<LeaseRecord> write(LeaseRecord lease);
}
