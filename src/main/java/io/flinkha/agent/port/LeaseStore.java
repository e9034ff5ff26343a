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

    /**
     * Says who stands by, empty for nobody, under the same conditions; all else stays as it is, the
     * time of the last renewal too.
     */
    Result<LeaseRecord> nameStandby(LeaseRecord lease, String name);

    /**
     * Waits for changes until the watch ends, by itself or because it cannot go on. What it says is
     * a reason to read, and nothing more.
     *
     * @param changed is run when the holder, who stands by, or what people want may be another one,
     *     at first too, on any thread, which it must not hold up
     * @return as it was seen last
     */
    Result<Optional<LeaseRecord>> follow(Runnable changed);
}
