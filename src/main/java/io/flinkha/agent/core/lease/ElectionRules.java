package io.flinkha.agent.core.lease;

import org.jspecify.annotations.Nullable;

/**
 * When a Lease may be taken.
 *
 * <p>The invariant: when a Lease is taken, no gate is open under an earlier epoch, but for one in
 * the taker's own pod, and one that the storage keeps open: the claim waits for that one. Each way
 * to take it rests on something that its last holder cannot undo:
 *
 * <ul>
 *   <li>It is the own pod's: the gate that may be open is in this pod, where the taker looks at the
 *       JobManager's lock before it writes.
 *   <li>The holder's pod has ended for sure: no process is left in it that a gate could be open
 *       for.
 *   <li>It was seen unchanged for the longer of two lease durations: the holder's gate closes a
 *       renew deadline after the sending of its last renewal, which came before this process first
 *       saw it, and that is shorter than the duration by more than two clocks differ. The holder's
 *       clock is never trusted: the time counts on the taker's own monotonic clock.
 *   <li>It was released in order: the mark is written after the JobManager's end, and that the
 *       manifest, read after the Lease, is of the same epoch says that nobody claimed one since.
 *   <li>No witness (Lease, manifest, leader ConfigMap) has ever seen an epoch: nobody has led.
 * </ul>
 *
 * <p>Neither a cleared holder nor a Lease made anew is among them: its last holder's gate may still
 * be open, so it is waited for.
 */
public final class ElectionRules {
    /**
     * A number in the storage that is so far above one's own epoch is ignored. No agent left it,
     * and whoever writes absurd numbers must not make the next epoch run out of digits.
     */
    public static final long TOO_FAR = 1_000_000;

    private ElectionRules() {}

    /**
     * Who would take a Lease.
     *
     * @param holder its own name as a holder, null for one that holds no Lease itself
     * @param deadHolder one whose pod has ended for sure, null if none is known
     * @param unchangedNanos for how long it has seen the Lease as it is
     * @param leaseNanos the lease duration that it counts with
     */
    public record Contender(
            @Nullable String holder,
            @Nullable String deadHolder,
            long unchangedNanos,
            long leaseNanos) {

        /** One that only asks whether nobody who lives has it. */
        public static Contender nobody(long unchangedNanos, long leaseNanos) {
            return new Contender(null, null, unchangedNanos, leaseNanos);
        }

        /** Without a look at the other witnesses: it is its own, or its holder cannot lead. */
        private boolean outlives(LeaseRecord lease) {
            return lease.holder().equals(holder)
                    || lease.holder().equals(deadHolder)
                    || expired(lease, unchangedNanos, leaseNanos);
        }
    }

    /** The one place that says so. The witnesses are read after the Lease. */
    public static boolean mayTake(
            LeaseRecord lease, Contender contender, long manifestEpoch, long publishedEpoch) {
        return contender.outlives(lease) || freeAtOnce(lease, manifestEpoch, publishedEpoch);
    }

    /** Whether it may be taken beside some manifest: else that need not be read. */
    public static boolean couldBeTaken(LeaseRecord lease, Contender contender) {
        return contender.outlives(lease) || lease.untouched() || lease.releasedInOrder();
    }

    /** Seen unchanged for the longer of the holder's and our own lease duration. */
    private static boolean expired(LeaseRecord lease, long unchangedNanos, long ownDurationNanos) {
        return unchangedNanos >= durationNanos(lease, ownDurationNanos);
    }

    /** For so long it has to be seen unchanged. */
    public static long durationNanos(LeaseRecord lease, long ownDurationNanos) {
        return Math.max(ownDurationNanos, lease.durationSeconds() * 1_000_000_000L);
    }

    /**
     * Whether the Lease may be taken without waiting for it to expire.
     *
     * <p>Two cases only: it was released in order and the manifest, read after it, is of the same
     * epoch; or none of the three witnesses (Lease, manifest, leader ConfigMap) has ever seen an
     * epoch. A cleared holder or a Lease made anew is neither: its last holder's gate may still be
     * open (R1).
     *
     * @param manifestEpoch of the manifest read after the Lease, 0 if there is none
     * @param publishedEpoch of the leader ConfigMap, 0 if there is none
     */
    private static boolean freeAtOnce(LeaseRecord lease, long manifestEpoch, long publishedEpoch) {
        if (lease.held()) {
            return false;
        }
        if (lease.untouched()) {
            return manifestEpoch == 0 && publishedEpoch == 0;
        }
        return lease.releasedInOrder() && lease.released() == manifestEpoch;
    }

    /**
     * Whether nobody can lead by the storage any more: the last holder was seen to end, or was
     * never there. A holder that never claimed its epoch says nothing of the one before it, which
     * may.
     */
    public static boolean endIsSeen(
            LeaseRecord lease, Contender contender, long manifestEpoch, long publishedEpoch) {
        if (lease.untouched()) {
            return freeAtOnce(lease, manifestEpoch, publishedEpoch);
        }
        boolean ended =
                lease.releasedInOrder()
                        || lease.holder().equals(contender.holder())
                        || lease.holder().equals(contender.deadHolder());
        return ended && lease.epoch() == manifestEpoch;
    }

    /** Higher than everything that any witness has seen. */
    public static long nextEpoch(long leaseEpoch, long manifestEpoch, long publishedEpoch) {
        return Math.max(leaseEpoch, Math.max(manifestEpoch, publishedEpoch)) + 1;
    }
}
