package io.flinkha.agent.core;

import io.flinkha.agent.core.Verdict.Cause;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The state while one step works on it, and what the step wants done.
 *
 * <p>It never leaves the step. The phase is set by the moves below and by nothing else, each with
 * all that goes with it.
 */
final class Draft {
    private static final Duration LONGEST_STEP = Duration.ofSeconds(1);

    final Moment moment;
    final long now;

    /** Nanos since the last step; no more than a second, or this agent stood still itself. */
    final long awake;

    final State state;
    LeaseState lease;
    ManifestState manifest;
    final GateState gate;
    StorageState storage;
    WitnessState witness;
    CopyState copies;
    LeaderAddressesState leaderAddresses;
    final JobState job;
    PodsState pods;
    final ProcessState process;

    private final State before;
    private final List<Action> actions = new ArrayList<>();

    Draft(State before, Moment moment) {
        this.before = before;
        this.moment = moment;
        this.now = moment.nanos();
        awake = Math.clamp(now - before.now, 0, LONGEST_STEP.toNanos());
        state = before.copy();
        state.now = now;
        gate = state.gate;
        job = state.job;
        process = state.process;
        takeParts();
    }

    /** Those of an epoch; a hand-over makes others. */
    private void takeParts() {
        lease = state.lease;
        manifest = state.manifest;
        storage = state.storage;
        witness = state.witness;
        copies = state.copies;
        leaderAddresses = state.leaderAddresses;
        pods = state.pods;
    }

    State before() {
        return before;
    }

    Transition done(Event event) {
        return new Transition(state, actions, Facts.of(before, event, state, actions));
    }

    /** Comes back beside a living JobManager of the very epoch that Lease and manifest name. */
    void reattach(LeaseRecord own, Manifest known, long safeUntil) {
        state.phase = Phase.REATTACHING;
        lease.epoch = own.epoch();
        manifest.claimed = own.epoch();
        manifest.wanted = known;
        lease.safeUntil = safeUntil;
        lease.nextAt = now;
        if (witness.passedOver != null) {
            // The API server has yet to hear of the copy that is gone on from.
            witness.healed = witness.passedOver;
            witness.passedOver = null;
            manifest.owed = true;
        }
    }

    /**
     * The same pod leads on under the next number; what was in flight for the last one is
     * abandoned.
     *
     * @param renewAt nanos at which the Lease is written next: at once, unless it carries the
     *     number already
     */
    void beginEpoch(long epoch, long renewAt) {
        state.phase = Phase.CLAIMING;
        lease.epoch = epoch;
        lease.nextAt = renewAt;
        gate.served = null;
        gate.start = null;
        storage.call = null;
        storage.checkedPlan = null;
        storage.planDamage = null;
        witness.call = null;
        witness.nextAt = now;
        witness.until = 0;
        witness.heldSince = 0;
        copies.call = null;
        copies.nextAt = now;
        leaderAddresses.offered = null;
        leaderAddresses.published = null;
        leaderAddresses.call = null;
        if (manifest.call != null) {
            manifest.call = null;
            manifest.readAgainAt(now);
        }
        dismissWaiters("epoch %d begins".formatted(epoch));
    }

    /**
     * Takes this manifest for what is committed, while nothing in it is of this process: what was
     * offered meanwhile has to be offered again, on top of it.
     */
    void adopt(Manifest found) {
        manifest.committed = found;
        manifest.wanted = found;
        manifest.wantedEdit = manifest.committedEdit;
        manifest.attempted = null;
        for (Waiter waiter : manifest.waiters) {
            answer(waiter.request(), new Reply.Unavailable("the manifest has changed meanwhile"));
        }
        manifest.waiters = List.of();
    }

    /** The copy in the storage is ahead of what the API server has. */
    void goOnFrom(Manifest copy) {
        witness.healed = manifest.committed;
        adopt(copy);
    }

    /** Claim and Lease carry the epoch: a JobManager may be let in. */
    void open() {
        lease.confirmed = lease.epoch;
        state.phase = Phase.OPENING;
    }

    void lead() {
        state.phase = Phase.LEADING;
    }

    /**
     * Releases the Lease for the pod that stands by, and contends like a process that has just
     * started: what it knew of its epoch is no longer true once the other one leads.
     *
     * @param released what the Lease is to say
     */
    void handOver(LeaseRecord released) {
        dismissWaiters("epoch %d is handed over".formatted(lease.epoch));
        state.forgetEpoch();
        takeParts();
        lease.record = released;
        lease.unchangedSince = now;
        lease.contendsSince = now;
        state.phase = Phase.CONTENDING;
        emit(new Action.ReleaseLease(send(lease, Call.Kind.RELEASE), released));
    }

    /** Closes the gate: from here on no deadline is extended and no change is accepted. */
    void stepDown(Cause cause, String reason) {
        if (state.verdict != null) {
            return;
        }
        state.verdict = new Verdict(cause, reason);
        state.phase = Phase.STEPPING_DOWN;
        dismissWaiters(reason);
    }

    /** Ends the process; what it stepped down for, if it did, is why. */
    void terminate(Verdict otherwise) {
        if (state.phase == Phase.TERMINATED) {
            return;
        }
        Verdict verdict = state.verdict == null ? otherwise : state.verdict;
        state.verdict = verdict;
        state.phase = Phase.TERMINATED;
        emit(new Action.Exit(verdict.exitCode(), verdict.reason()));
    }

    private void dismissWaiters(String reason) {
        for (Waiter waiter : manifest.waiters) {
            answer(waiter.request(), new Reply.Fenced(reason));
        }
        manifest.waiters = List.of();
    }

    /** A call that is in flight from now on; its id goes with the action. */
    long send(Slot slot, Call.Kind kind) {
        Call call = new Call(state.nextCall++, kind, now);
        slot.call = call;
        return call.id();
    }

    void emit(Action action) {
        actions.add(action);
    }

    void answer(long request, Reply reply) {
        emit(new Action.Answer(request, reply));
    }

    /** Looks at the lock file, one look at a time. */
    void probe() {
        if (!gate.probing) {
            gate.probing = true;
            emit(new Action.ProbeLock());
        }
    }
}
