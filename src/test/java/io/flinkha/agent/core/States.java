package io.flinkha.agent.core;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** States with something changed, and what of them only tests read. */
public final class States {
    private States() {}

    /** A copy; the one that is given stays as it is. */
    static State with(State state, Consumer<State> change) {
        State copy = state.copy();
        change.accept(copy);
        return copy;
    }

    public static State withLease(State state, LeaseRecord record) {
        return with(state, copy -> copy.lease.record = record);
    }

    public static State withLeaseCall(State state, Call call) {
        return with(state, copy -> copy.lease.call = call);
    }

    public static State withSafeUntil(State state, long nanos) {
        return with(state, copy -> copy.lease.safeUntil = nanos);
    }

    public static State withLock(State state, Lock lock) {
        return with(state, copy -> copy.gate.lock = lock);
    }

    public static State withMoreSilence(State state, long nanos) {
        return with(state, copy -> copy.process.silence += nanos);
    }

    public static @Nullable Call witnessCall(State state) {
        return state.witness.call;
    }

    public static long markedAt(State state) {
        return state.witness.markedAt;
    }

    public static State withMarkedAt(State state, long nanos) {
        return with(state, copy -> copy.witness.markedAt = nanos);
    }

    public static long earlyAt(State state) {
        return state.witness.earlyAt;
    }

    public static State withEarlyAt(State state, long nanos) {
        return with(state, copy -> copy.witness.earlyAt = nanos);
    }

    /** Whatever mark it left before it had the Lease, it is about this epoch, and this Lease. */
    public static State markedEarly(State state) {
        return with(
                state,
                copy -> {
                    copy.witness.early = copy.lease.epoch;
                    copy.witness.earlySince = copy.lease.unchangedSince;
                });
    }

    /** The holder's pod is going, whatever was read of it. */
    public static State holderLeaves(State state) {
        LeaseRecord lease = state.lease.record;
        return with(state, copy -> copy.pods.leavingHolder = lease == null ? null : lease.holder());
    }

    public static long heldUntil(State state) {
        return state.witness.until;
    }

    public static State withHeldUntil(State state, long nanos) {
        return with(state, copy -> copy.witness.until = nanos);
    }

    public static State endSeen(State state) {
        return with(state, copy -> copy.witness.endSeen = true);
    }

    /** Nothing that a predecessor left in the storage counts. */
    public static State unbound(State state) {
        return with(
                state,
                copy -> {
                    copy.witness.bound = false;
                    copy.witness.asked = 0;
                });
    }

    /** The holder that the Lease names has ended, whatever epoch it is of. */
    public static boolean holderHasEnded(State state) {
        LeaseRecord lease = state.lease.record;
        return lease != null && lease.holder().equals(state.pods.deadHolder);
    }

    public static State seenJustNow(State state, long now) {
        return with(state, copy -> copy.lease.seenAt = now);
    }

    public static State withoutLastSequence(State state) {
        return with(state, copy -> copy.copies.lastSequence = 0);
    }

    public static State copiesRead(State state) {
        return with(state, copy -> copy.witness.copiesRead = true);
    }

    public static State withoutWaiters(State state) {
        return with(state, copy -> copy.manifest.waiters = List.of());
    }

    /** The gate may open in this epoch, and the Lease is not written before it is due. */
    public static State opened(State state, long renewAt) {
        return with(
                state,
                copy -> {
                    copy.phase = Phase.OPENING;
                    copy.lease.confirmed = copy.lease.epoch;
                    copy.lease.call = null;
                    copy.lease.nextAt = renewAt;
                });
    }

    /** Leads in epoch 1 with this manifest. */
    public static State leading(Manifest committed) {
        return with(
                State.initial(),
                state -> {
                    state.phase = Phase.LEADING;
                    state.lease.epoch = 1;
                    state.lease.confirmed = 1;
                    state.manifest.claimed = 1;
                    state.manifest.committed = committed;
                    state.manifest.version = "1";
                    state.manifest.wanted = committed;
                });
    }

    /** A step from one state to the other in which nothing is done. */
    public static Transition between(State before, State after) {
        return new Transition(
                after, List.of(), Facts.of(before, new Event.Tick(), after, List.of()));
    }

    public static @Nullable Call leaseCall(State state) {
        return state.lease.call;
    }

    public static @Nullable Call manifestCall(State state) {
        return state.manifest.call;
    }

    public static long safeUntil(State state) {
        return state.lease.safeUntil;
    }

    public static Lock lock(State state) {
        return state.gate.lock;
    }

    public static @Nullable Manifest wanted(State state) {
        return state.manifest.wanted;
    }

    public static List<Waiter> waiters(State state) {
        return state.manifest.waiters;
    }
}
