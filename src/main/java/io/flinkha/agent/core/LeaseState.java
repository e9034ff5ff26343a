package io.flinkha.agent.core;

import io.flinkha.agent.core.lease.LeaseRecord;
import org.jspecify.annotations.Nullable;

/** The Lease, and what this process has of it. */
public final class LeaseState extends Slot {
    /** As last read or written; null if absent or never read. */
    @Nullable LeaseRecord record;

    /** Nanos at which {@code record} was first seen so. */
    long unchangedSince;

    /** Nanos of a contender's last look that was answered. */
    long seenAt;

    /** Nanos since which this process contends; 0 before its first look. */
    long contendsSince;

    /** It is said to have changed since the look in flight was asked for. */
    boolean hinted;

    /** The epoch of another one under which this pod said last that it stands by. */
    long namedIn;

    /** Why the JobManager had ended of whom this process took it over from; empty if not known. */
    String endedBefore = "";

    /** That this process leads, 0 before. */
    long epoch;

    /** The epoch whose claim the Lease carries too. */
    long confirmed;

    /** The last write that was done, by its call; 0 before. */
    long written;

    /** Nanos until which no other agent can have taken the Lease. */
    long safeUntil;

    public @Nullable LeaseRecord record() {
        return record;
    }

    public long epoch() {
        return epoch;
    }

    @Override
    public String toString() {
        return text(
                "record=" + record,
                "unchangedSince=" + unchangedSince,
                "seenAt=" + seenAt,
                "contendsSince=" + contendsSince,
                "hinted=" + hinted,
                "namedIn=" + namedIn,
                "endedBefore=" + endedBefore,
                "epoch=" + epoch,
                "confirmed=" + confirmed,
                "written=" + written,
                "safeUntil=" + safeUntil);
    }
}
