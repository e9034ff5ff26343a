package io.flinkha.agent.simulation;

import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which witnesses are left, so that the last one is never taken away. */
final class SimWitnesses {
    private static final long READING = 20 * SimWorld.SECOND;
    private final SimWorld world;
    private final Map<Fault, Long> struckAt = new EnumMap<>(Fault.class);

    SimWitnesses(SimWorld world) {
        this.world = world;
    }

    void note(Fault fault) {
        struckAt.put(fault, world.now());
    }

    long newestEpoch() {
        List<Manifest> written = world.api.written();
        return written.isEmpty() ? 0 : written.getLast().epoch();
    }

    /**
     * Who reads the witnesses one after the other takes a while, and may have seen them without it.
     */
    boolean isWhole(Fault... faults) {
        return Stream.of(faults)
                .noneMatch(fault -> world.now() - struckAt.getOrDefault(fault, -READING) < READING);
    }

    boolean manifestIsThere() {
        return newestEpoch() == 0
                || (world.api.manifest() instanceof ManifestView.Present present
                        && present.manifest().epoch() >= newestEpoch());
    }

    boolean manifestWitnesses() {
        return isWhole(Fault.MANIFEST_DELETED, Fault.MANIFEST_ROLLED_BACK, Fault.MANIFEST_GARBLED)
                && manifestIsThere();
    }

    boolean leaderConfigMapWitnesses() {
        return isWhole(Fault.LEADER_CONFIGMAP_DELETED)
                && world.api.publishedEpoch() >= newestEpoch();
    }

    boolean leaseWitnesses() {
        LeaseRecord lease = world.api.lease();
        return isWhole(Fault.LEASE_DELETED, Fault.LEASE_REPLACED)
                && lease != null
                && lease.claimed() >= newestEpoch();
    }

    /** The storage has all that is taken away. */
    boolean isCopied() {
        Manifest copy = world.store.newestCopy();
        return copy != null && !world.api.written().getLast().isNewerThan(copy);
    }
}
