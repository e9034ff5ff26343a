package io.flinkha.agent.core.lease;

/**
 * When a Lease may be taken.
 *
 * <p>The holder's clock is never trusted: a Lease is expired when this process has seen it
 * unchanged for the lease duration on its own monotonic clock.
 */
public final class ElectionRules {
    private ElectionRules() {}

    /** Seen unchanged for the longer of the holder's and our own lease duration. */
    public static boolean expired(LeaseRecord seen, long unchangedNanos, long ownDurationNanos) {
        return unchangedNanos
                >= Math.max(ownDurationNanos, seen.durationSeconds() * 1_000_000_000L);
    }

    /**
     * Whether the Lease may be taken without waiting for it to expire.
     *
     * <p>Two cases only: it was released in order and the manifest, read after it, is of the same
     * epoch; or none of the three witnesses (Lease, manifest, leader ConfigMap) has ever seen an
     * epoch. A cleared holder or a Lease made anew is neither: its last holder's gate may still be
     * open (R1).
     *
     * @param manifestEpoch of the manifest read after the Lease, 0 if there is none
     * @param publishedEpoch of the leader ConfigMap, 0 if there is none
     */
    public static boolean freeAtOnce(LeaseRecord seen, long manifestEpoch, long publishedEpoch) {
        if (seen.held()) {
            return false;
        }
        if (seen.untouched()) {
            return manifestEpoch == 0 && publishedEpoch == 0;
        }
        return seen.releasedInOrder() && seen.released() == manifestEpoch;
    }

    /** Higher than everything that any witness has seen. */
    public static long nextEpoch(long leaseEpoch, long manifestEpoch, long publishedEpoch) {
        return Math.max(leaseEpoch, Math.max(manifestEpoch, publishedEpoch)) + 1;
    }
}
