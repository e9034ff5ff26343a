package io.flinkha.agent.core;

import io.flinkha.agent.core.Event.CopiesRead;
import io.flinkha.agent.core.Event.CopyCommitted;
import io.flinkha.agent.core.Event.MarksSeen;
import io.flinkha.agent.core.Event.WitnessEvent;
import io.flinkha.agent.core.Event.WitnessFailed;
import io.flinkha.agent.core.Verdict.Cause;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.restart.Refusal;
import java.util.List;

/**
 * The storage as second witness. A leader whom the API server does not answer stays one as long as
 * it sees there that nobody began a later epoch (R20), and commits there what its JobManager offers
 * (R21); who takes over without having seen the end of the last one says so there, and waits.
 */
final class WitnessSteps {
    /** More than one agent process ever sends for one epoch, and far from twelve digits. */
    private static final long ANOTHER_AGENT = 1_000_000;

    private final Settings settings;
    private final Incarnation incarnation;

    WitnessSteps(Settings settings, Incarnation incarnation) {
        this.settings = settings;
        this.incarnation = incarnation;
    }

    /** What was asked for before is done with; memory is the truth of what follows. */
    void noteClaimed(Draft draft) {
        draft.witness.asked = 0;
        draft.witness.bound = ownHold(draft, settings) > 0;
        draft.witness.copiesRead = true;
        draft.witness.endSeen = true;
    }

    void noteProven(Draft draft) {
        draft.witness.proven = true;
    }

    /** Seconds that this process says on the Lease that it holds on by the storage. */
    static long ownHold(Draft draft, Settings settings) {
        return draft.witness.proven ? settings.hold().toSeconds() : 0;
    }

    /** What the Lease is to say: until the claim, what others have to wait for stays there, too. */
    static long holdOnLease(Draft draft, Settings settings) {
        long own = ownHold(draft, settings);
        return draft.lease.epoch > 0 && draft.state.isClaimed()
                ? own
                : Math.max(own, draft.witness.asked);
    }

    void note(Draft draft, WitnessEvent answer) {
        Call ofCopies = draft.copies.call;
        Slot slot =
                ofCopies != null && ofCopies.id() == answer.call() ? draft.copies : draft.witness;
        Call call = slot.answered(answer.call());
        if (call == null || draft.state.phase == Phase.STEPPING_DOWN) {
            return;
        }
        switch (answer) {
            case MarksSeen seen when call.kind() == Call.Kind.WRITE -> notePut(draft, seen);
            case MarksSeen seen -> noteLook(draft, call, seen.mine(), seen.highest());
            case CopiesRead read -> noteCopies(draft, read);
            case CopyCommitted put -> noteCommitted(draft, put);
            case WitnessFailed failure -> failed(draft, slot);
        }
    }

    void failed(Draft draft, Slot slot) {
        if (slot == draft.witness && draft.state.phase == Phase.CONTENDING) {
            draft.witness.early = 0;
        }
        slot.nextAt = draft.now + settings.retryAfterFailure().toNanos();
    }

    /** How long a call may take: a look is in a hurry, a claim is not. */
    void expire(Draft draft) {
        Call call = draft.witness.call;
        boolean look = call != null && call.kind() == Call.Kind.READ;
        if (draft.witness.expired(draft.now, look ? settings.lookTimeout() : Settings.CLAIM_TIMEOUT)
                != null) {
            failed(draft, draft.witness);
        }
        Call ofCopies = draft.copies.call;
        boolean read = ofCopies != null && ofCopies.kind() == Call.Kind.OTHER;
        if (draft.copies.expired(draft.now, read ? Settings.READ_TIMEOUT : settings.hold())
                != null) {
            failed(draft, draft.copies);
        }
    }

    private void notePut(Draft draft, MarksSeen seen) {
        if (draft.state.phase == Phase.CONTENDING) {
            // One that is another's is left to it: a number above would be a mark against it.
            boolean own = seen.mine() && seen.highest() <= draft.witness.early;
            draft.witness.earlyAt = own ? draft.now : 0;
            return;
        }
        long epoch = draft.lease.epoch;
        if (seen.mine() && seen.highest() <= epoch) {
            draft.witness.marked = epoch;
            draft.witness.markedAt = isMarkedEarly(draft) ? draft.witness.earlyAt : draft.now;
            draft.witness.nextAt = draft.now;
        } else if (draft.state.phase == Phase.CLAIMING && !draft.state.isClaimed()) {
            // Somebody was at this number or a higher one: what it left there has its name.
            draft.beginEpoch(Math.max(epoch, seen.highest()) + 1, draft.now);
        } else {
            // Claimed before the storage was proven: this epoch does without.
            draft.witness.foreign = epoch;
        }
    }

    /**
     * Counts from the sending of the look: a mark that comes later is waited on by who put it, from
     * its answer on.
     */
    private void noteLook(Draft draft, Call look, boolean mine, long highest) {
        draft.witness.nextAt = look.sentAt() + settings.lookPeriod().toNanos();
        if (!proves(draft, mine, highest) || !mayHold(draft)) {
            return;
        }
        draft.witness.until =
                Math.max(draft.witness.until, look.sentAt() + settings.hold().toNanos());
        if (draft.witness.heldSince == 0 && draft.now >= looksFrom(draft)) {
            draft.witness.heldSince = draft.moment.wallMillis();
        }
    }

    /**
     * Whether nobody began a later epoch. That the own mark is not there says that marks get lost,
     * and that of a later one may have been.
     */
    private static boolean proves(Draft draft, boolean mine, long highest) {
        boolean later = highest > draft.lease.epoch;
        if (later && draft.now >= draft.lease.safeUntil) {
            draft.stepDown(Cause.FENCED, "the storage has a mark of epoch %d".formatted(highest));
        }
        return mine && !later;
    }

    private void noteCopies(Draft draft, CopiesRead read) {
        Manifest newest = read.newest();
        draft.witness.copy = newest;
        draft.witness.unverified = newerThanKnown(draft, read.unverified());
        draft.copies.nextAt = draft.now;
        switch (draft.state.phase) {
            case CONTENDING -> {
                draft.copies.nextAt = draft.now + settings.leaseDuration().toNanos();
                if (newest != null) {
                    draft.manifest.readAgainAt(draft.now);
                }
            }
            case REATTACHING, LEADING -> {
                draft.witness.copiesRead = true;
                Manifest known = draft.manifest.committed;
                if (known != null) {
                    // Puts of this pod's last agent may be under way, in the same epoch.
                    draft.copies.lastSequence =
                            Math.max(known.sequence(), newest == null ? 0 : newest.sequence())
                                    + ANOTHER_AGENT;
                }
                // What this pod's last agent acknowledged, of which the API server never heard.
                if (newest != null
                        && known != null
                        && newest.epoch() == draft.lease.epoch
                        && newest.isNewerThan(known)) {
                    draft.goOnFrom(newest);
                    draft.manifest.owed = true;
                }
            }
            case CLAIMING -> {
                draft.witness.copiesRead = true;
                if (newest != null && newest.epoch() >= draft.lease.epoch) {
                    draft.beginEpoch(newest.epoch() + 1, draft.now);
                }
            }
            case OPENING, STEPPING_DOWN, TERMINATED -> {}
        }
    }

    /** Older ones may be from before there was a key, or from a cluster that was lost. */
    private static List<String> newerThanKnown(Draft draft, List<String> names) {
        Manifest known = draft.manifest.committed;
        String last = known == null ? "" : known.copyName();
        return names.stream().filter(name -> name.compareTo(last) > 0).toList();
    }

    private void noteCommitted(Draft draft, CopyCommitted put) {
        Manifest copy = draft.copies.attempted;
        Manifest committed = draft.manifest.committed;
        boolean newer = copy != null && committed != null && copy.isNewerThan(committed);
        if (!newer || !mayHold(draft)) {
            return;
        }
        if (!proves(draft, put.mine(), put.highest())) {
            // It lies there, and who began that epoch may not have seen it.
            failed(draft, draft.copies);
            return;
        }
        draft.manifest.committed = copy;
        draft.manifest.committedEdit = draft.copies.attemptedEdit;
        draft.manifest.owed = true;
        draft.witness.committedAt = draft.moment.wallMillis();
    }

    /** From here on renewals are late enough to ask the storage. */
    private long looksFrom(Draft draft) {
        return draft.lease.safeUntil - settings.renewDeadline().toNanos() / 2;
    }

    /**
     * Whether a look would prove anything: whoever comes next finds on the Lease or in the manifest
     * how long to wait, and the own mark says that marks stay.
     */
    private boolean mayHold(Draft draft) {
        long own = ownHold(draft, settings);
        LeaseRecord lease = draft.lease.record;
        Manifest committed = draft.manifest.committed;
        boolean leads = draft.state.leads();
        return own > 0
                && leads
                && draft.state.servesThisEpoch()
                && draft.state.isClaimed()
                && draft.lease.confirmed == draft.lease.epoch
                && draft.witness.marked == draft.lease.epoch
                && lease != null
                && lease.holdSeconds() >= own
                && committed != null
                && committed.holdSeconds() >= own;
    }

    /** A renewal came through: one that took half the renew deadline would have come too late. */
    void noteRenewed(Draft draft) {
        draft.witness.heldSince = 0;
    }

    /** Asks for what is due next: a look waits for no reading of copies. */
    void ask(Draft draft) {
        draft.witness.ready = mayHold(draft);
        if (isBehind(draft) && isWaitOver(draft) && draft.copies.isDue(draft.now)) {
            draft.emit(new Action.ReadCopies(draft.send(draft.copies, Call.Kind.OTHER)));
        }
        if (!draft.witness.isDue(draft.now)) {
            return;
        }
        long epoch = draft.lease.epoch;
        boolean bound = draft.witness.bound;
        if (draft.witness.marked != epoch
                && draft.witness.foreign != epoch
                && (bound || ownHold(draft, settings) > 0)) {
            draft.emit(
                    new Action.PutMark(
                            draft.send(draft.witness, Call.Kind.WRITE),
                            epoch,
                            incarnation.holder()));
        } else if (mayHold(draft) && draft.now >= looksFrom(draft)) {
            draft.emit(new Action.LookForMarks(draft.send(draft.witness, Call.Kind.READ), epoch));
        }
    }

    /**
     * Whether this very epoch's mark lay there while the Lease was waited for. The Lease was taken
     * as it was seen then, so nobody can have led under a later mark, or under one put anew, since.
     */
    private static boolean isMarkedEarly(Draft draft) {
        return draft.witness.early == draft.lease.epoch
                && draft.witness.earlySince == draft.lease.unchangedSince
                && draft.witness.earlyAt > 0;
    }

    /**
     * A contender. Would it be refused for a manifest that was lost: is there a copy of it? And is
     * the holder on its way out: then the wait for its hold runs beside that for its Lease.
     */
    void contend(Draft draft) {
        markEarly(draft);
        if (draft.state.refusal instanceof Refusal.ManifestLost
                && ownHold(draft, settings) > 0
                && draft.copies.isDue(draft.now)) {
            draft.emit(new Action.ReadCopies(draft.send(draft.copies, Call.Kind.OTHER)));
        }
    }

    /**
     * A mark takes the hold from a leader that lives, for the rest of its epoch. So it is put
     * before the Lease may be taken only if that leader's pod is going anyway, and if it was not
     * seen to renew for so long that it hardly can: one that ends in good order keeps its hold
     * until then.
     */
    private void markEarly(Draft draft) {
        LeaseRecord lease = draft.lease.record;
        if (lease == null
                || lease.holdSeconds() == 0
                || !lease.held()
                || !lease.holder().equals(draft.pods.leavingHolder)
                || draft.lease.seenAt - draft.lease.unchangedSince
                        < 2 * settings.retryPeriod().toNanos()
                || draft.state.refusal != null
                || draft.state.stopBy > 0
                || !draft.witness.isDue(draft.now)) {
            return;
        }
        // Where another witness knows of a higher one, this is a number of no use, and of no harm.
        long number = lease.epoch() + 1;
        if (draft.witness.early != number
                || draft.witness.earlySince != draft.lease.unchangedSince) {
            draft.witness.early = number;
            draft.witness.earlySince = draft.lease.unchangedSince;
            draft.witness.earlyAt = 0;
            draft.emit(
                    new Action.PutMark(
                            draft.send(draft.witness, Call.Kind.WRITE),
                            number,
                            incarnation.holder()));
        }
    }

    /** A gate that the last holder keeps open by a look from before the mark is closed by now. */
    private static boolean isWaitOver(Draft draft) {
        long hold = draft.witness.asked * 1_000_000_000;
        return draft.witness.endSeen
                || (draft.witness.marked == draft.lease.epoch
                        && draft.now - draft.witness.markedAt >= Settings.waitNanos(hold));
    }

    /** Whether the epoch may be claimed: its mark is there, and all that was committed is known. */
    static boolean mayClaim(Draft draft) {
        return !draft.witness.bound
                || (draft.witness.copiesRead && draft.witness.marked == draft.lease.epoch);
    }

    /** Copies may say more than is known. */
    static boolean isBehind(Draft draft) {
        return draft.witness.bound && !draft.witness.copiesRead;
    }

    /** Commits to the storage while it is what keeps the gate open. */
    void commit(Draft draft) {
        Manifest wanted = draft.manifest.wanted;
        Manifest committed = draft.manifest.committed;
        if (draft.witness.heldSince == 0
                || wanted == null
                || committed == null
                || draft.manifest.wantedEdit == draft.manifest.committedEdit
                || wanted.epoch() != draft.lease.epoch
                || !draft.copies.isDue(draft.now)
                || !mayHold(draft)) {
            return;
        }
        Manifest attempted = draft.manifest.attempted;
        long sent = attempted == null ? 0 : attempted.sequence();
        draft.copies.lastSequence =
                Math.max(Math.max(draft.copies.lastSequence, sent), committed.sequence()) + 1;
        Manifest copy = wanted.withSequence(draft.copies.lastSequence);
        draft.copies.attempted = copy;
        draft.copies.attemptedEdit = draft.manifest.wantedEdit;
        draft.emit(new Action.CommitCopy(draft.send(draft.copies, Call.Kind.WRITE), copy));
    }
}
