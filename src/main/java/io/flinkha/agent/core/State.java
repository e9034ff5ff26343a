package io.flinkha.agent.core;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.restart.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Everything an agent process knows, by parts.
 *
 * <p>A step works on a copy ({@link Draft}), hands it out with its {@link Transition}, and nobody
 * changes it afterwards. So there is one vocabulary: a field is one declaration in its part, and an
 * accessor if somebody outside of the core reads it.
 */
public final class State extends Part {
    Phase phase = Phase.CONTENDING;

    /** Nanos of the last step. */
    long now;

    /** Id of the next request to a port. */
    long nextCall = 1;

    /** Set once, when leading ends. */
    @Nullable Verdict verdict;

    /** Why this agent does not even contend; null if it does. */
    Refusal.@Nullable ToContend refusal;

    /**
     * Nanos at which a requested stop no longer waits for the JobManager's end; 0 if none was
     * requested.
     */
    long stopBy;

    LeaseState lease = new LeaseState();
    ManifestState manifest = new ManifestState();
    GateState gate = new GateState();
    StorageState storage = new StorageState();
    WitnessState witness = new WitnessState();
    CopyState copies = new CopyState();
    LeaderAddressesState leaderAddresses = new LeaderAddressesState();
    JobState job = new JobState();
    PodsState pods = new PodsState();
    ProcessState process = new ProcessState();

    State() {}

    public static State initial() {
        return new State();
    }

    /** One that a step may change, with all its parts. */
    State copy() {
        State copy = copy(this);
        copy.lease = copy(lease);
        copy.manifest = copy(manifest);
        copy.gate = copy(gate);
        copy.storage = copy(storage);
        copy.witness = copy(witness);
        copy.copies = copy(copies);
        copy.leaderAddresses = copy(leaderAddresses);
        copy.job = copy(job);
        copy.pods = copy(pods);
        copy.process = copy(process);
        return copy;
    }

    /** All that belongs to an epoch; what is known of this pod stays. */
    void forgetEpoch() {
        boolean proven = witness.proven;
        lease = new LeaseState();
        manifest = new ManifestState();
        storage = new StorageState();
        witness = new WitnessState();
        witness.proven = proven;
        copies = new CopyState();
        leaderAddresses = new LeaderAddressesState();
        pods = new PodsState();
        gate.served = null;
        gate.servedEpoch = 0;
        gate.start = null;
        gate.startEdit = 0;
        job.signal = null;
    }

    public Phase phase() {
        return phase;
    }

    public long now() {
        return now;
    }

    public long stopBy() {
        return stopBy;
    }

    public @Nullable Verdict verdict() {
        return verdict;
    }

    public Refusal.@Nullable ToContend refusal() {
        return refusal;
    }

    public LeaseState lease() {
        return lease;
    }

    public ManifestState manifest() {
        return manifest;
    }

    public GateState gate() {
        return gate;
    }

    public WitnessState witness() {
        return witness;
    }

    public LeaderAddressesState leaderAddresses() {
        return leaderAddresses;
    }

    public JobState job() {
        return job;
    }

    public ProcessState process() {
        return process;
    }

    /** Its JobManager waits for another pod's Lease, and could be let in at once. */
    public boolean standsBy() {
        return phase == Phase.CONTENDING && refusal == null && liveRegistration() != null;
    }

    /** As last seen on the Lease. */
    public Wishes wishes() {
        LeaseRecord read = lease.record;
        return read == null ? Wishes.NONE : read.wishes();
    }

    /** Leads, or is on the way there, under a Lease that it holds. */
    boolean holdsLease() {
        return switch (phase) {
            case REATTACHING, CLAIMING, OPENING, LEADING -> true;
            case CONTENDING, STEPPING_DOWN, TERMINATED -> false;
        };
    }

    /** Under a Lease and a claim that carry its epoch: a JobManager may be let in, or is. */
    boolean leads() {
        return phase == Phase.OPENING || phase == Phase.LEADING;
    }

    /** The claim of the epoch that this process leads was seen in the manifest. */
    boolean isClaimed() {
        return manifest.claimed == lease.epoch;
    }

    /**
     * The manifest was read or made anew since the Lease was written. It may be that of another
     * one, who took a Lease that was deleted: before it is claimed, the Lease says whose it is.
     */
    boolean claimWaitsForLease() {
        return !isClaimed() && lease.written < manifest.learnedBefore;
    }

    /** Nanos before which no other agent can open a gate, by the Lease or by the storage. */
    long deadline() {
        return servesThisEpoch() ? Math.max(lease.safeUntil, witness.until) : lease.safeUntil;
    }

    /** The JobManager that was let in serves the epoch that this process leads. */
    public boolean servesThisEpoch() {
        return gate.served != null && gate.servedEpoch == lease.epoch;
    }

    /** Whether a JobManager may run as leader now. */
    public boolean gateOpen() {
        return servesThisEpoch() && now < gate.until;
    }

    /**
     * The JobManager that was let in last is dead by the only evidence there is; true as well if
     * none was let in.
     */
    boolean servedIsDead() {
        String jm = gate.served;
        return jm == null
                || switch (gate.lock) {
                    case Lock.Unseen unseen -> false;
                    case Lock.Free free -> true;
                    case Lock.Held held -> !held.owner().isEmpty() && !held.owner().equals(jm);
                };
    }

    /** The process that registered last, if it is the one that lives. */
    @Nullable Registration liveRegistration() {
        Registration known = gate.registration;
        return known != null
                        && gate.lock instanceof Lock.Held held
                        && held.owner().equals(known.jm())
                ? known
                : null;
    }

    /** No JobManager's process lives in this pod. */
    boolean nobodyLives() {
        return gate.lock instanceof Lock.Free;
    }

    /**
     * No process in this pod serves any epoch: none lives, or the one that lives registered without
     * one.
     */
    boolean noEpochIsServed() {
        Registration live = liveRegistration();
        return gate.lock instanceof Lock.Free || (live != null && !live.jm().equals(gate.served));
    }

    /** No process in this pod can serve an epoch that this agent process does not know of. */
    boolean noUnknownJobManager() {
        return switch (gate.lock) {
            case Lock.Unseen unseen -> false;
            case Lock.Free free -> true;
            case Lock.Held held -> liveRegistration() != null || held.owner().equals(gate.served);
        };
    }

    @Override
    public String toString() {
        return text(
                "phase=" + phase,
                "now=" + now,
                "nextCall=" + nextCall,
                "verdict=" + verdict,
                "refusal=" + refusal,
                "stopBy=" + stopBy,
                "lease=" + lease,
                "manifest=" + manifest,
                "gate=" + gate,
                "storage=" + storage,
                "witness=" + witness,
                "copies=" + copies,
                "leaderAddresses=" + leaderAddresses,
                "job=" + job,
                "pods=" + pods,
                "process=" + process);
    }
}
