package io.flinkha.agent.core.lease;

/**
 * The Lease as this protocol reads it.
 *
 * @param holder {@code <pod name>/<pod UID>}, empty if nobody holds it
 * @param nonce the holder's agent process
 * @param epoch the number of the leadership that was last written, 0 if none
 * @param claimed the last epoch whose manifest claim was seen, 0 if none
 * @param released the epoch that was ended in order, 0 if it was not; the mark is written only
 *     together with the clearing of the holder, so an empty holder without it proves nothing
 * @param durationSeconds the lease duration that the holder counts with
 * @param holdSeconds for so long after a look at the storage the holder's gate stays open while it
 *     cannot renew; 0 if it does not
 * @param standby holder's name of a pod whose JobManager waits for this Lease; empty for none that
 *     said so, and it may be gone since
 * @param ended why the last holder's JobManager had ended when it was handed over; empty where that
 *     is not why it was released
 * @param wishes of people; whoever writes the Lease leaves them as they are
 * @param version resourceVersion, empty for a Lease not yet written
 */
public record LeaseRecord(
        String holder,
        String nonce,
        long epoch,
        long claimed,
        long released,
        long durationSeconds,
        long holdSeconds,
        String standby,
        String ended,
        Wishes wishes,
        String version) {

    public LeaseRecord(
            String holder,
            String nonce,
            long epoch,
            long claimed,
            long released,
            long durationSeconds,
            String version) {
        this(
                holder,
                nonce,
                epoch,
                claimed,
                released,
                durationSeconds,
                0,
                "",
                "",
                Wishes.NONE,
                version);
    }

    public boolean held() {
        return !holder.isEmpty();
    }

    /** Ended in order by the holder of this very epoch. */
    public boolean releasedInOrder() {
        return !held() && released > 0 && released == epoch;
    }

    /** Never held by anybody, as far as the Lease itself can tell. */
    public boolean untouched() {
        return !held() && epoch == 0 && claimed == 0 && released == 0;
    }

    /**
     * The same after its holder has ended it in order, for the one whose nonce is on it.
     *
     * @param why its JobManager had ended; empty where that is not the reason
     */
    public LeaseRecord released(String why) {
        return new LeaseRecord(
                "",
                nonce,
                epoch,
                claimed,
                epoch,
                durationSeconds,
                holdSeconds,
                standby,
                why,
                wishes,
                version);
    }

    public LeaseRecord withVersion(String newVersion) {
        return with(holdSeconds, standby, ended, wishes, newVersion);
    }

    public LeaseRecord withHold(long seconds) {
        return with(seconds, standby, ended, wishes, version);
    }

    public LeaseRecord withStandby(String name) {
        return with(holdSeconds, name, ended, wishes, version);
    }

    public LeaseRecord withEnded(String why) {
        return with(holdSeconds, standby, why, wishes, version);
    }

    public LeaseRecord withWishes(Wishes wanted) {
        return with(holdSeconds, standby, ended, wanted, version);
    }

    private LeaseRecord with(
            long seconds, String name, String why, Wishes wanted, String newVersion) {
        return new LeaseRecord(
                holder,
                nonce,
                epoch,
                claimed,
                released,
                durationSeconds,
                seconds,
                name,
                why,
                wanted,
                newVersion);
    }
}
