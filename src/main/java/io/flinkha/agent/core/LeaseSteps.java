package io.flinkha.agent.core;

import io.flinkha.agent.core.Event.LeaseEvent;
import io.flinkha.agent.core.Event.LeaseFailed;
import io.flinkha.agent.core.Event.LeaseRead;
import io.flinkha.agent.core.Event.LeaseWritten;
import io.flinkha.agent.core.Verdict.Cause;
import io.flinkha.agent.core.lease.ElectionRules;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import org.jspecify.annotations.Nullable;

/** The election: what is read from the Lease and written to it. */
final class LeaseSteps {
    private final Settings settings;
    private final Incarnation incarnation;

    private final PodSteps pods;

    LeaseSteps(Settings settings, Incarnation incarnation, PodSteps pods) {
        this.settings = settings;
        this.incarnation = incarnation;
        this.pods = pods;
    }

    void expireCall(Draft draft) {
        Call call = draft.leaseCall;
        if (call != null && draft.now - call.sentAt() >= settings.callTimeout().toNanos()) {
            failed(draft, call, Outcome.UNKNOWN);
        }
    }

    void note(Draft draft, LeaseEvent answer) {
        Call call = draft.leaseCall;
        if (call == null || call.id() != answer.call()) {
            return;
        }
        switch (answer) {
            case LeaseRead read -> {
                draft.leaseCall = null;
                noteRead(draft, read.lease());
            }
            case LeaseWritten written -> {
                draft.leaseCall = null;
                noteWritten(draft, call, written.lease());
            }
            case LeaseFailed failure -> failed(draft, call, failure.outcome());
        }
    }

    private void noteRead(Draft draft, @Nullable LeaseRecord lease) {
        if (draft.phase == Phase.STEPPING_DOWN) {
            return;
        }
        if (lease == null) {
            draft.seen = null;
            draft.leaseCall = draft.call(Call.Kind.CREATE);
            draft.emit(new Action.CreateEmptyLease(draft.leaseCall.id()));
        } else if (draft.phase == Phase.CONTENDING) {
            observe(draft, lease);
        } else {
            noteOwnLease(draft, lease);
        }
    }

    /**
     * A contender's look: the time for which the Lease is unchanged counts from the first look that
     * saw it so.
     */
    private void observe(Draft draft, LeaseRecord lease) {
        LeaseRecord before = draft.seen;
        if (before == null || !before.equals(lease)) {
            draft.since = draft.now;
            // Whoever changed it moved the other witnesses too: they are compared anew.
            draft.refusal = null;
        }
        draft.seen = lease;
        long expiresAt =
                draft.since
                        + Math.max(
                                settings.leaseDuration().toNanos(),
                                lease.durationSeconds() * 1_000_000_000L);
        draft.leaseAt =
                Math.max(
                        draft.now + settings.retryAfterFailure().toNanos(),
                        Math.min(draft.now + settings.retryPeriod().toNanos(), expiresAt));
        if (mayBeTaken(draft, lease)) {
            draft.manifestReread = true;
            draft.manifestAt = draft.now;
        } else {
            pods.askForHolder(draft);
        }
    }

    private boolean mayBeTaken(Draft draft, LeaseRecord lease) {
        return mine(lease)
                || lease.untouched()
                || lease.releasedInOrder()
                || lease.holder().equals(draft.deadHolder)
                || ElectionRules.expired(
                        lease, draft.now - draft.since, settings.leaseDuration().toNanos());
    }

    /** A holder that reads its own Lease, because a write failed or its outcome is not known. */
    private void noteOwnLease(Draft draft, LeaseRecord lease) {
        boolean sameNonce = lease.nonce().equals(incarnation.nonce());
        boolean rival =
                lease.held()
                        ? !mine(lease) || !sameNonce
                        : lease.epoch() > draft.epoch
                                || draft.claimed == 0
                                || (!lease.untouched()
                                        && !sameNonce
                                        && draft.phase != Phase.REATTACHING);
        boolean reattaching = draft.phase == Phase.REATTACHING && mine(lease);
        if (rival && !reattaching) {
            AgentMachine.stepDown(
                    draft,
                    Cause.LOST,
                    "the Lease is held by %s, epoch %d"
                            .formatted(lease.held() ? lease.holder() : "nobody", lease.epoch()));
            return;
        }
        // An empty holder here was cleared, or the object was deleted and made anew. The witnesses
        // know of the epoch that this process claimed, so whoever else sees it has to wait for the
        // whole lease duration, and this process, still within its deadline, renews over it. Before
        // its first claim it must not: another one may have taken the Lease at once, and lost it.
        draft.seen = lease;
        draft.leaseReread = false;
        draft.leaseAt = draft.now;
    }

    private void noteWritten(Draft draft, Call call, LeaseRecord lease) {
        if (call.kind() == Call.Kind.CREATE) {
            draft.leaseAt = draft.now;
            draft.leaseReread = true;
            return;
        }
        draft.seen = lease;
        if (call.kind() == Call.Kind.RELEASE) {
            AgentMachine.terminate(draft, verdict(draft));
            return;
        }
        if (draft.phase == Phase.STEPPING_DOWN) {
            return;
        }
        draft.leaseReread = false;
        draft.safeUntil =
                Math.max(draft.safeUntil, call.sentAt() + settings.renewDeadline().toNanos());
        if (draft.now >= draft.safeUntil) {
            AgentMachine.stepDown(draft, Cause.LOST, "the Lease was written too late");
            return;
        }
        draft.leaseAt = call.sentAt() + settings.retryPeriod().toNanos();
        if (draft.phase == Phase.CONTENDING) {
            AgentMachine.newEpoch(draft, lease.epoch());
            draft.leaseAt = call.sentAt() + settings.retryPeriod().toNanos();
        } else if (draft.epoch > lease.epoch()) {
            draft.leaseAt = draft.now;
        } else if (draft.phase == Phase.REATTACHING) {
            draft.confirmed = draft.epoch;
        } else if (draft.phase == Phase.CLAIMING && draft.claimed == draft.epoch) {
            if (lease.claimed() == draft.epoch) {
                draft.confirmed = draft.epoch;
                draft.phase = Phase.OPENING;
            } else {
                draft.leaseAt = draft.now;
            }
        }
    }

    private void failed(Draft draft, Call call, Outcome outcome) {
        draft.leaseCall = null;
        if (call.kind() == Call.Kind.RELEASE) {
            AgentMachine.terminate(draft, verdict(draft));
            return;
        }
        draft.leaseReread = true;
        draft.leaseAt = draft.now + settings.pauseAfter(outcome).toNanos();
    }

    private static Verdict verdict(Draft draft) {
        Verdict verdict = draft.verdict;
        return verdict == null ? new Verdict(Cause.STOPPED, "released") : verdict;
    }

    void contend(Draft draft) {
        if (draft.leaseCall != null || draft.manifestCall != null) {
            return;
        }
        if (draft.manifestReread && draft.now >= draft.manifestAt) {
            draft.manifestCall = draft.call(Call.Kind.READ);
            draft.emit(new Action.ReadManifest(draft.manifestCall.id()));
        } else if (draft.now >= draft.leaseAt) {
            draft.leaseCall = draft.call(Call.Kind.READ);
            draft.emit(new Action.ReadLease(draft.leaseCall.id()));
        }
    }

    /** The manifest was read after the Lease: takes the Lease if the two together allow it. */
    void decide(Draft draft) {
        LeaseRecord lease = draft.seen;
        Manifest manifest = draft.committed;
        if (lease == null || manifest == null || draft.refusal != null || draft.stopBy > 0) {
            return;
        }
        boolean taken =
                mine(lease)
                        || lease.holder().equals(draft.deadHolder)
                        || ElectionRules.expired(
                                lease, draft.now - draft.since, settings.leaseDuration().toNanos())
                        || ElectionRules.freeAtOnce(lease, manifest.epoch(), draft.publishedEpoch);
        if (!taken) {
            return;
        }
        if (draft.noUnknownJobManager()) {
            long epoch =
                    ElectionRules.nextEpoch(lease.epoch(), manifest.epoch(), draft.publishedEpoch);
            send(draft, epoch, lease.claimed(), lease);
        } else if (mine(lease)
                && lease.epoch() == lease.claimed()
                && lease.epoch() == manifest.epoch()) {
            reattach(draft, lease, manifest);
        } else {
            // A JobManager whose epoch is not known lives here: it halts by its own deadline, or
            // calls and is told so.
            draft.leaseAt =
                    Math.min(draft.leaseAt, draft.now + settings.retryAfterFailure().toNanos());
        }
    }

    /**
     * An agent that comes back beside a living JobManager of the very epoch that Lease and manifest
     * name.
     */
    private void reattach(Draft draft, LeaseRecord lease, Manifest manifest) {
        draft.phase = Phase.REATTACHING;
        draft.epoch = lease.epoch();
        draft.claimed = lease.epoch();
        draft.wanted = manifest;
        // Until its own write is through, nothing is promised to the JobManager: this only keeps
        // the attempt alive.
        draft.safeUntil = draft.now + settings.renewDeadline().toNanos();
        draft.leaseAt = draft.now;
    }

    void renew(Draft draft) {
        if (draft.leaseCall != null || draft.now < draft.leaseAt) {
            return;
        }
        LeaseRecord lease = draft.seen;
        if (draft.leaseReread || lease == null) {
            draft.leaseCall = draft.call(Call.Kind.READ);
            draft.emit(new Action.ReadLease(draft.leaseCall.id()));
        } else {
            long claimed = draft.claimed == draft.epoch ? draft.epoch : lease.claimed();
            send(draft, draft.epoch, claimed, lease);
        }
    }

    private void send(Draft draft, long epoch, long claimed, LeaseRecord over) {
        draft.leaseCall = draft.call(Call.Kind.WRITE);
        draft.emit(
                new Action.WriteLease(
                        draft.leaseCall.id(),
                        new LeaseRecord(
                                incarnation.holder(),
                                incarnation.nonce(),
                                epoch,
                                claimed,
                                0,
                                settings.leaseDuration().toSeconds(),
                                over.version())));
    }

    /**
     * Gives the Lease back once the JobManager is dead, or leaves it to run out if that cannot be
     * seen in time.
     */
    void release(Draft draft) {
        if (draft.leaseCall != null) {
            return;
        }
        LeaseRecord lease = draft.seen;
        // The mark vouches for the manifest's epoch: only who claimed that epoch may write it.
        boolean releasable =
                lease != null
                        && mine(lease)
                        && lease.nonce().equals(incarnation.nonce())
                        && lease.epoch() == draft.claimed;
        boolean neverLed = draft.epoch == 0;
        if (!neverLed && !draft.noEpochIsServed()) {
            long last = Math.max(draft.until, draft.stopBy) + AgentMachine.DEATH_GRACE.toNanos();
            if (draft.now >= last) {
                AgentMachine.terminate(draft, verdict(draft));
            }
            return;
        }
        if (lease == null || !releasable) {
            AgentMachine.terminate(draft, verdict(draft));
            return;
        }
        draft.leaseCall = draft.call(Call.Kind.RELEASE);
        draft.emit(
                new Action.ReleaseLease(
                        draft.leaseCall.id(),
                        new LeaseRecord(
                                "",
                                incarnation.nonce(),
                                lease.epoch(),
                                lease.claimed(),
                                lease.epoch(),
                                settings.leaseDuration().toSeconds(),
                                lease.version())));
    }

    private boolean mine(LeaseRecord lease) {
        return lease.holder().equals(incarnation.holder());
    }
}
