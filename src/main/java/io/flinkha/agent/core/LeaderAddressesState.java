package io.flinkha.agent.core;

import io.flinkha.agent.core.gate.Reply;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The leader addresses, as they were offered and as they are published. */
public final class LeaderAddressesState extends Slot {
    /** Last offered, null if this process was not told yet. */
    @Nullable Map<String, String> offered;

    /** The write in flight, or the last one. */
    @Nullable Map<String, String> sending;

    /** As last written in this epoch. */
    @Nullable Map<String, String> published;

    /** Of another pod that leads, as last read; empty before. */
    Reply.LeaderAddresses elsewhere = new Reply.LeaderAddresses(Map.of(), null);

    /** The Lease's epoch when they were asked for. */
    long askedIn;

    /** Nanos at which a waiting JobManager asked last; 0 if it never did. */
    long wantedAt;

    /** What was offered last is what TaskManagers read. */
    public boolean isCurrent() {
        return offered != null && offered.equals(published);
    }

    @Override
    public String toString() {
        return text(
                "offered=" + offered,
                "sending=" + sending,
                "published=" + published,
                "elsewhere=" + elsewhere,
                "askedIn=" + askedIn,
                "wantedAt=" + wantedAt);
    }
}
