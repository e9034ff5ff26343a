package io.flinkha.lab.leadership;

import io.flinkha.lab.report.Row;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When the Lease went from one holder to the next, as whoever watches it saw it. */
public final class SwitchOvers {
    private final Map<Long, Long> released = new HashMap<>();
    private final Map<Long, Long> taken = new HashMap<>();
    private final Map<Long, Long> claimed = new HashMap<>();
    private String holder = "";

    /**
     * Of one epoch, in milliseconds since the epoch of all clocks; 0 what was not seen.
     *
     * @param gone by then the JobManager before was
     * @param claimed the manifest names it
     */
    public record Times(long gone, long released, long taken, long claimed) {

        /** In milliseconds since a fault. */
        public Row addTo(Row row, long from) {
            return row.figure("seenMillis", since(gone, from))
                    .figure("releasedMillis", since(released, from))
                    .figure("takenMillis", since(taken, from))
                    .figure("claimedMillis", since(claimed, from));
        }

        private static @Nullable Long since(long time, long from) {
            return time < from ? null : time - from;
        }
    }

    /** A state of the Lease; an epoch is the last one's until somebody takes the next. */
    public void lease(long epoch, @Nullable String nextHolder, long time) {
        holder = nextHolder == null ? "" : nextHolder;
        (holder.isEmpty() ? released : taken).putIfAbsent(epoch, time);
    }

    public void claimed(long epoch, long time) {
        claimed.putIfAbsent(epoch, time);
    }

    public String holder() {
        return holder;
    }

    /**
     * How an epoch came about.
     *
     * @param gone by then the JobManager of the epoch before was
     */
    public Times timesOf(long epoch, long gone) {
        return new Times(
                gone == GateSpan.NEVER ? 0 : gone,
                released.getOrDefault(epoch - 1, 0L),
                taken.getOrDefault(epoch, 0L),
                claimed.getOrDefault(epoch, 0L));
    }
}
