package io.flinkha.agent.core;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.StockWatch;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.core.restart.Start;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything an agent process knows.
 *
 * @param now nanos of the last step
 * @param nextCall id of the next request to a port
 * @param verdict set once, when leading ends
 * @param refusal why this agent does not even contend; null if it does
 * @param stopBy nanos at which a requested stop no longer waits for the JobManager's end; 0 if none
 *     was requested
 */
public record State(
        Phase phase,
        long now,
        long nextCall,
        @Nullable Verdict verdict,
        @Nullable String refusal,
        long stopBy,
        LeaseState lease,
        ManifestState manifest,
        GateState gate,
        LeaderAddressesState leaderAddresses,
        JobState job,
        PodsState pods) {

    /**
     * The Lease.
     *
     * @param record as last read or written; null if absent or never read
     * @param unchangedSince nanos at which {@code record} was first seen so
     * @param call in flight
     * @param nextAt nanos of the next look or renewal
     * @param reread a write's outcome is unknown: read before the next write
     * @param epoch that this process leads, 0 before
     * @param confirmed the epoch whose claim the Lease carries too
     * @param safeUntil nanos until which no other agent can have taken the Lease
     */
    public record LeaseState(
            @Nullable LeaseRecord record,
            long unchangedSince,
            @Nullable Call call,
            long nextAt,
            boolean reread,
            long epoch,
            long confirmed,
            long safeUntil) {}

    /**
     * The manifest.
     *
     * @param committed as last seen in the API server
     * @param version its resourceVersion, null if there is none
     * @param wanted what it should say
     * @param attempted the write in flight, or the last one whose outcome is unknown
     * @param claimed the epoch whose claim was seen committed
     * @param publishedEpoch of the leader ConfigMap when the manifest was read
     * @param stockAddresses whether Flink's own HA left leader addresses in it
     * @param stock lock of a stock JobManager there, null if there is none
     * @param wantedEdit counts the edits of {@code wanted}; {@code attemptedEdit} and {@code
     *     committedEdit} say how many of them the write in flight and the API server have
     * @param waiters requests to answer once their change is committed
     */
    public record ManifestState(
            @Nullable Manifest committed,
            @Nullable String version,
            @Nullable Manifest wanted,
            @Nullable Manifest attempted,
            @Nullable Call call,
            long nextAt,
            boolean reread,
            long claimed,
            long publishedEpoch,
            boolean stockAddresses,
            @Nullable StockWatch stock,
            long wantedEdit,
            long attemptedEdit,
            long committedEdit,
            List<Waiter> waiters) {
        public ManifestState {
            waiters = List.copyOf(waiters);
        }
    }

    /**
     * The JobManager.
     *
     * @param lock as last probed
     * @param probing a look is in flight: a second one could overtake it, and its answer would be
     *     older than what is known
     * @param probeAgain what the look in flight finds may be older than a registration
     * @param registration the last process that registered
     * @param served the process that serves {@code servedEpoch}
     * @param until nanos; no JobManager was told a later deadline
     * @param storageCall look at the storage that is in flight
     * @param checkedPlan sha256 of the plan that was checked
     * @param planDamage what the check found, null if the plan is intact
     * @param mirrorLookedFor whether the storage was asked for a mirror of the manifest
     * @param mirror the newest, null if there is none
     * @param start of this epoch, null until it is decided
     * @param startEdit the edit of the manifest that must be committed before the start is handed
     *     out
     */
    public record GateState(
            Lock lock,
            boolean probing,
            boolean probeAgain,
            @Nullable Registration registration,
            @Nullable String served,
            long servedEpoch,
            long until,
            @Nullable Call storageCall,
            @Nullable String checkedPlan,
            @Nullable String planDamage,
            long nextLookAt,
            boolean mirrorLookedFor,
            @Nullable String mirror,
            @Nullable Start start,
            long startEdit) {}

    /**
     * The Kubernetes Job.
     *
     * @param seen as last read; null if it never was, or is gone
     * @param gone there is none
     * @param reread somebody else may have changed it, or a patch's outcome is unknown
     * @param signal that is due
     * @param askers JobManagers that were asked to end
     * @param leavingUntil nanos; a JobManager was asked to end, and its pod most likely ends with
     *     it
     */
    public record JobState(
            @Nullable JobView seen,
            boolean gone,
            boolean reread,
            @Nullable Call call,
            long nextAt,
            @Nullable Signal signal,
            List<Long> askers,
            long leavingUntil) {
        public JobState {
            askers = List.copyOf(askers);
        }
    }

    /**
     * Pods.
     *
     * @param nextAt nanos of the next look at the own pod, while its JobManager is missing
     * @param restarts of the own JobManager's container as last read, below 0 before
     * @param crashes nanos at which further restarts were seen
     * @param deadHolder a holder whose pod has ended for sure
     */
    public record PodsState(
            @Nullable Call call,
            long nextAt,
            int restarts,
            List<Long> crashes,
            @Nullable String deadHolder) {
        public PodsState {
            crashes = List.copyOf(crashes);
        }
    }

    /**
     * The leader addresses.
     *
     * @param offered last, null if this process was not told yet
     * @param sending the write in flight, or the last one
     * @param published as last written in this epoch
     * @param nextAt nanos of the next write
     */
    public record LeaderAddressesState(
            @Nullable Map<String, String> offered,
            @Nullable Map<String, String> sending,
            @Nullable Map<String, String> published,
            @Nullable Call call,
            long nextAt) {

        /** What was offered last is what TaskManagers read. */
        public boolean isCurrent() {
            return offered != null && offered.equals(published);
        }
    }

    public static State initial() {
        return new State(
                Phase.CONTENDING,
                0,
                1,
                null,
                null,
                0,
                new LeaseState(null, 0, null, 0, false, 0, 0, 0),
                new ManifestState(
                        null, null, null, null, null, 0, false, 0, 0, false, null, 0, 0, 0,
                        List.of()),
                new GateState(
                        new Lock.Unseen(),
                        false,
                        false,
                        null,
                        null,
                        0,
                        0,
                        null,
                        null,
                        null,
                        0,
                        false,
                        null,
                        null,
                        0),
                new LeaderAddressesState(null, null, null, null, 0),
                new JobState(null, false, false, null, 0, null, List.of(), 0),
                new PodsState(null, 0, -1, List.of(), null));
    }

    /** As last seen on the Lease. */
    public Wishes wishes() {
        LeaseRecord read = lease.record();
        return read == null ? Wishes.NONE : read.wishes();
    }

    /** Whether a JobManager may run as leader now. */
    public boolean gateOpen() {
        return gate.served() != null && gate.servedEpoch() == lease.epoch() && now < gate.until();
    }
}
