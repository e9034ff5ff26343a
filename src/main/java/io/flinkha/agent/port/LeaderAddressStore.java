package io.flinkha.agent.port;

import io.flinkha.agent.core.lease.StockHa;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The leader ConfigMap, in the format that stock TaskManagers read. */
public interface LeaderAddressStore {
    /**
     * What it testifies to.
     *
     * @param epoch that published last, 0 if none did
     */
    record Witness(long epoch, StockHa stock) {}

    /**
     * Where the leader is reached.
     *
     * @param session null if nobody has published
     */
    record Leader(Map<String, String> addresses, @Nullable UUID session) {
        public Leader {
            addresses = Map.copyOf(addresses);
        }
    }

    /** A quorum read. */
    Result<Witness> witness();

    Result<Leader> leader();

    /**
     * Writes the addresses as those of {@code epoch}, unless a higher epoch is there.
     *
     * @param keep component whose present entry stays if {@code addresses} has none; null for none
     * @return the epoch that the object is of now: a higher one means that nothing was written
     */
    Result<Long> publish(
            long epoch, UUID session, Map<String, String> addresses, @Nullable String keep);
}
