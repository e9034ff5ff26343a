package io.flinkha.agent.core;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.StockWatch;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.core.restart.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state while one step works on it. Its fields are those of {@link State}; it never leaves the
 * step.
 */
final class Draft {
    final Moment moment;
    final long now;
    final List<Action> actions = new ArrayList<>();

    Phase phase;
    long nextCall;
    @Nullable Verdict verdict;
    @Nullable String refusal;
    long stopBy;

    @Nullable LeaseRecord seen;
    long since;
    @Nullable Call leaseCall;
    long leaseAt;
    boolean leaseReread;
    long epoch;
    long confirmed;
    long safeUntil;

    @Nullable Manifest committed;
    @Nullable String version;
    @Nullable Manifest wanted;
    @Nullable Manifest attempted;
    @Nullable Call manifestCall;
    long manifestAt;
    boolean manifestReread;
    long claimed;
    long publishedEpoch;
    boolean stockAddresses;
    @Nullable StockWatch stock;
    long wantedEdit;
    long attemptedEdit;
    long committedEdit;
    List<Waiter> waiters;

    Lock lock;
    boolean probing;
    boolean probeAgain;
    @Nullable Registration registration;
    @Nullable String served;
    long servedEpoch;
    long until;
    @Nullable Call storageCall;
    @Nullable String checkedPlan;
    @Nullable String planDamage;
    long storageAt;
    boolean mirrorLookedFor;
    @Nullable String mirror;
    @Nullable Start start;
    long startEdit;

    @Nullable Map<String, String> offered;
    @Nullable Map<String, String> sending;
    @Nullable Map<String, String> published;
    @Nullable Call addressesCall;
    long addressesAt;

    @Nullable JobView job;
    boolean jobGone;
    boolean jobReread;
    @Nullable Call jobCall;
    long jobAt;
    @Nullable Signal signal;
    List<Long> askers;
    long leavingUntil;

    @Nullable Call podCall;
    long podAt;
    int restarts;
    List<Long> crashes;
    @Nullable String deadHolder;

    Draft(State state, Moment moment) {
        this.moment = moment;
        this.now = moment.nanos();
        phase = state.phase();
        nextCall = state.nextCall();
        verdict = state.verdict();
        refusal = state.refusal();
        stopBy = state.stopBy();

        State.LeaseState known = state.lease();
        seen = known.record();
        since = known.unchangedSince();
        leaseCall = known.call();
        leaseAt = known.nextAt();
        leaseReread = known.reread();
        epoch = known.epoch();
        confirmed = known.confirmed();
        safeUntil = known.safeUntil();

        State.ManifestState manifest = state.manifest();
        committed = manifest.committed();
        version = manifest.version();
        wanted = manifest.wanted();
        attempted = manifest.attempted();
        manifestCall = manifest.call();
        manifestAt = manifest.nextAt();
        manifestReread = manifest.reread();
        claimed = manifest.claimed();
        publishedEpoch = manifest.publishedEpoch();
        stockAddresses = manifest.stockAddresses();
        stock = manifest.stock();
        wantedEdit = manifest.wantedEdit();
        attemptedEdit = manifest.attemptedEdit();
        committedEdit = manifest.committedEdit();
        waiters = new ArrayList<>(manifest.waiters());

        State.GateState gate = state.gate();
        lock = gate.lock();
        probing = gate.probing();
        probeAgain = gate.probeAgain();
        registration = gate.registration();
        served = gate.served();
        servedEpoch = gate.servedEpoch();
        until = gate.until();
        storageCall = gate.storageCall();
        checkedPlan = gate.checkedPlan();
        planDamage = gate.planDamage();
        storageAt = gate.nextLookAt();
        mirrorLookedFor = gate.mirrorLookedFor();
        mirror = gate.mirror();
        start = gate.start();
        startEdit = gate.startEdit();

        State.LeaderAddressesState addresses = state.leaderAddresses();
        offered = addresses.offered();
        sending = addresses.sending();
        published = addresses.published();
        addressesCall = addresses.call();
        addressesAt = addresses.nextAt();

        askers = new ArrayList<>(state.job().askers());
        leavingUntil = state.job().leavingUntil();
        readJob(state.job());

        crashes = state.pods().crashes();
        readPods(state.pods());
    }

    private void readJob(State.JobState known) {
        job = known.seen();
        jobGone = known.gone();
        jobReread = known.reread();
        jobCall = known.call();
        jobAt = known.nextAt();
        signal = known.signal();
    }

    private void readPods(State.PodsState known) {
        podCall = known.call();
        podAt = known.nextAt();
        restarts = known.restarts();
        deadHolder = known.deadHolder();
    }

    Transition done() {
        State state =
                new State(
                        phase,
                        now,
                        nextCall,
                        verdict,
                        refusal,
                        stopBy,
                        new State.LeaseState(
                                seen,
                                since,
                                leaseCall,
                                leaseAt,
                                leaseReread,
                                epoch,
                                confirmed,
                                safeUntil),
                        new State.ManifestState(
                                committed,
                                version,
                                wanted,
                                attempted,
                                manifestCall,
                                manifestAt,
                                manifestReread,
                                claimed,
                                publishedEpoch,
                                stockAddresses,
                                stock,
                                wantedEdit,
                                attemptedEdit,
                                committedEdit,
                                waiters),
                        new State.GateState(
                                lock,
                                probing,
                                probeAgain,
                                registration,
                                served,
                                servedEpoch,
                                until,
                                storageCall,
                                checkedPlan,
                                planDamage,
                                storageAt,
                                mirrorLookedFor,
                                mirror,
                                start,
                                startEdit),
                        new State.LeaderAddressesState(
                                offered, sending, published, addressesCall, addressesAt),
                        new State.JobState(
                                job,
                                jobGone,
                                jobReread,
                                jobCall,
                                jobAt,
                                signal,
                                askers,
                                leavingUntil),
                        new State.PodsState(podCall, podAt, restarts, crashes, deadHolder));
        return new Transition(state, actions);
    }

    Call call(Call.Kind kind) {
        return new Call(nextCall++, kind, now);
    }

    void emit(Action action) {
        actions.add(action);
    }

    /** Looks at the lock file, one look at a time. */
    void probe() {
        if (!probing) {
            probing = true;
            emit(new Action.ProbeLock());
        }
    }

    void answer(long request, Reply reply) {
        emit(new Action.Answer(request, reply));
    }

    /** Leads, or is on the way there, under a Lease that it holds. */
    boolean holdsLease() {
        return switch (phase) {
            case REATTACHING, CLAIMING, OPENING, LEADING -> true;
            case CONTENDING, STEPPING_DOWN, TERMINATED -> false;
        };
    }

    Wishes wishes() {
        LeaseRecord lease = seen;
        return lease == null ? Wishes.NONE : lease.wishes();
    }

    /**
     * The JobManager that was let in last is dead by the only evidence there is; true as well if
     * none was let in.
     */
    boolean servedIsDead() {
        String jm = served;
        return jm == null
                || switch (lock) {
                    case Lock.Unseen unseen -> false;
                    case Lock.Free free -> true;
                    case Lock.Held held -> !held.owner().isEmpty() && !held.owner().equals(jm);
                };
    }

    /** The process that registered last, if it is the one that lives. */
    @Nullable Registration liveRegistration() {
        Registration known = registration;
        return known != null && lock instanceof Lock.Held held && held.owner().equals(known.jm())
                ? known
                : null;
    }

    /**
     * No process in this pod serves any epoch: none lives, or the one that lives registered without
     * one.
     */
    boolean noEpochIsServed() {
        Registration live = liveRegistration();
        return lock instanceof Lock.Free || (live != null && !live.jm().equals(served));
    }

    /** No process in this pod can serve an epoch that this agent process does not know of. */
    boolean noUnknownJobManager() {
        return switch (lock) {
            case Lock.Unseen unseen -> false;
            case Lock.Free free -> true;
            case Lock.Held held -> liveRegistration() != null || held.owner().equals(served);
        };
    }
}
