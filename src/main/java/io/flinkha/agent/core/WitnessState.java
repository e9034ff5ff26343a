package io.flinkha.agent.core;

import io.flinkha.agent.core.manifest.Manifest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The storage as second witness: marks of epochs, and what this process knows by them. */
public final class WitnessState extends Slot {
    /** The storage was seen to do all that a witness has to. */
    boolean proven;

    /** Seconds that the last holder's gate may have been held open for by a look; 0 for none. */
    long asked;

    /**
     * Somebody counts on marks and copies, so this process marks, waits and reads before it claims.
     */
    boolean bound;

    /** Whether that holder was seen to end, so that this time has not to be waited for. */
    boolean endSeen;

    /** The epoch whose mark is known to be there, and to be this pod's. */
    long marked;

    /** Nanos at which that was answered. */
    long markedAt;

    /** The number that a contender has put a mark of, before it may take the Lease; 0 for none. */
    long early;

    /** Since when it had seen the Lease unchanged by then: the mark is about that Lease alone. */
    long earlySince;

    /** Nanos at which that mark was known to be there, and to be this pod's; 0 if it is not. */
    long earlyAt;

    /** The epoch whose mark is known to be another one's. */
    long foreign;

    /** The copies are known: they were read after every earlier gate was closed. */
    boolean copiesRead;

    /** The newest one that could be verified; null if there was none. */
    @Nullable Manifest copy;

    /** Names of newer ones that could not. */
    List<String> unverified = List.of();

    /** The manifest that a contender read, and took a newer copy for; null if it did not. */
    @Nullable Manifest passedOver;

    /** What a copy was found to be ahead of, and took the place of; null if it never was. */
    @Nullable Manifest healed;

    /** A look would prove something. */
    boolean ready;

    /** Nanos before which nobody who did not see this process end can have opened a gate. */
    long until;

    /**
     * Milliseconds since 1970 at which the storage began to keep the gate open; 0 if it does not.
     */
    long heldSince;

    /** The same of the last commit that the storage has; 0 if there was none. */
    long committedAt;

    public long heldSince() {
        return heldSince;
    }

    public long committedAt() {
        return committedAt;
    }

    /** The storage would keep this epoch's gate open if the API server did not answer. */
    public boolean isReady() {
        return ready;
    }

    @Override
    public String toString() {
        return text(
                "proven=" + proven,
                "asked=" + asked,
                "bound=" + bound,
                "endSeen=" + endSeen,
                "marked=" + marked,
                "markedAt=" + markedAt,
                "early=" + early,
                "earlySince=" + earlySince,
                "earlyAt=" + earlyAt,
                "foreign=" + foreign,
                "copiesRead=" + copiesRead,
                "copy=" + copy,
                "unverified=" + unverified,
                "passedOver=" + passedOver,
                "healed=" + healed,
                "ready=" + ready,
                "until=" + until,
                "heldSince=" + heldSince,
                "committedAt=" + committedAt);
    }
}
