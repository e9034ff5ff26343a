package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Call;
import io.flinkha.agent.core.Phase;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Waiter;
import io.flinkha.agent.core.election.LeaseRecord;
import io.flinkha.agent.core.gate.Lock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A state with one thing changed, for mutants. */
final class States {
    private States() {}

    static State with(State s, State.Election election) {
        return new State(
                s.phase(),
                s.now(),
                s.nextCall(),
                s.verdict(),
                s.refusal(),
                s.stopBy(),
                election,
                s.book(),
                s.gate(),
                s.board());
    }

    static State withPhase(State s, Phase phase) {
        return new State(
                phase,
                s.now(),
                s.nextCall(),
                s.verdict(),
                s.refusal(),
                s.stopBy(),
                s.election(),
                s.book(),
                s.gate(),
                s.board());
    }

    static State withSeen(State s, @Nullable LeaseRecord seen) {
        State.Election e = s.election();
        return with(
                s,
                new State.Election(
                        seen,
                        e.since(),
                        e.call(),
                        e.nextAt(),
                        e.reread(),
                        e.epoch(),
                        e.confirmed(),
                        e.safeUntil()));
    }

    static State withLeaseCall(State s, @Nullable Call call, long nextAt) {
        State.Election e = s.election();
        return with(
                s,
                new State.Election(
                        e.seen(),
                        e.since(),
                        call,
                        nextAt,
                        e.reread(),
                        e.epoch(),
                        e.confirmed(),
                        e.safeUntil()));
    }

    static State withConfirmed(State s, long confirmed) {
        State.Election e = s.election();
        return with(
                s,
                new State.Election(
                        e.seen(),
                        e.since(),
                        e.call(),
                        e.nextAt(),
                        e.reread(),
                        e.epoch(),
                        confirmed,
                        e.safeUntil()));
    }

    static State withSafeUntil(State s, long safeUntil) {
        State.Election e = s.election();
        return with(
                s,
                new State.Election(
                        e.seen(),
                        e.since(),
                        e.call(),
                        e.nextAt(),
                        e.reread(),
                        e.epoch(),
                        e.confirmed(),
                        safeUntil));
    }

    static State withLock(State s, Lock lock) {
        State.Gate g = s.gate();
        State.Gate gate =
                new State.Gate(
                        lock,
                        g.probing(),
                        g.probeAgain(),
                        g.registration(),
                        g.served(),
                        g.servedEpoch(),
                        g.until(),
                        g.planCheck(),
                        g.checkedPlan(),
                        g.planDamage(),
                        g.nextCheckAt(),
                        g.plan(),
                        g.planEdit());
        return new State(
                s.phase(),
                s.now(),
                s.nextCall(),
                s.verdict(),
                s.refusal(),
                s.stopBy(),
                s.election(),
                s.book(),
                gate,
                s.board());
    }

    static State withWaiters(State s, List<Waiter> waiters) {
        State.Book b = s.book();
        State.Book book =
                new State.Book(
                        b.committed(),
                        b.version(),
                        b.wanted(),
                        b.attempted(),
                        b.call(),
                        b.nextAt(),
                        b.reread(),
                        b.claimed(),
                        b.publishedEpoch(),
                        b.wantedEdit(),
                        b.attemptedEdit(),
                        b.committedEdit(),
                        waiters);
        return new State(
                s.phase(),
                s.now(),
                s.nextCall(),
                s.verdict(),
                s.refusal(),
                s.stopBy(),
                s.election(),
                book,
                s.gate(),
                s.board());
    }
}
