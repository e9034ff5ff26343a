package io.flinkha.agent.core;

import static io.flinkha.agent.core.lease.ElectionRules.Contender.nobody;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.lease.ElectionRules;
import io.flinkha.agent.core.lease.LeaseRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a Lease may be taken. */
class ElectionRulesTest {
    private static final long SECOND = 1_000_000_000L;

    private static LeaseRecord lease(String holder, long epoch, long claimed, long released) {
        return new LeaseRecord(holder, "n", epoch, claimed, released, 15, "1");
    }

    @ParameterizedTest(name = "unchanged {0} s, holder counts {1} s, own {2} s: expired {3}")
    @CsvSource({
        "14, 15, 15, false",
        "15, 15, 15, true",
        "16, 15, 15, true",
        "15, 60, 15, false",
        "60, 60, 15, true",
        "15, 15, 60, false",
        "15, 0, 15, true",
        "0, 0, 15, false"
    })
    void expiresOnOwnClockByTheLongerDuration(
            long unchanged, long theirs, long own, boolean expired) {
        LeaseRecord lease = new LeaseRecord("b", "n", 7, 7, 0, theirs, "1");
        assertEquals(
                expired,
                ElectionRules.mayTake(lease, nobody(unchanged * SECOND, own * SECOND), 7, 7));
    }

    /** By whose end nobody can lead by the storage any more. */
    @ParameterizedTest(name = "holder {0} epoch {1} released {2}, manifest {3}: {4}")
    @CsvSource({
        // one's own, and one whose pod has ended
        "me, 7, 0, 7, true",
        "dead, 7, 0, 7, true",
        "b, 7, 0, 7, false",
        "'', 7, 7, 7, true",
        "'', 7, 0, 7, false",
        // which never claimed it: the one before may lead on
        "me, 8, 0, 7, false",
        "dead, 8, 0, 7, false",
        "'', 8, 8, 7, false",
        // set back
        "me, 7, 0, 6, false"
    })
    void anEndIsSeenOfWhoClaimed(
            String holder, long epoch, long released, long manifest, boolean seen) {
        assertEquals(
                seen,
                ElectionRules.endIsSeen(
                        lease(holder, epoch, 7, released),
                        new ElectionRules.Contender("me", "dead", 0, 15 * SECOND),
                        manifest,
                        manifest));
    }

    @Test
    void nobodyWasThereWhereNoWitnessKnowsOfAnEpoch() {
        ElectionRules.Contender me = new ElectionRules.Contender("me", null, 0, 15 * SECOND);
        assertTrue(ElectionRules.endIsSeen(lease("", 0, 0, 0), me, 0, 0));
        assertFalse(ElectionRules.endIsSeen(lease("", 0, 0, 0), me, 7, 0));
        assertFalse(ElectionRules.endIsSeen(lease("", 0, 0, 0), me, 0, 7));
    }

    @ParameterizedTest(
            name =
                    "holder {0} epoch {1} claimed {2} released {3}, manifest {4}, published {5}: {6}")
    @CsvSource({
        // held: never
        "b, 7, 7, 0, 7, 7, false",
        "b, 0, 0, 0, 0, 0, false",
        // released in order, and nothing was claimed since
        "'', 7, 7, 7, 7, 7, true",
        "'', 7, 7, 7, 7, 0, true",
        // released, but the manifest is of another epoch
        "'', 7, 7, 7, 8, 7, false",
        "'', 7, 7, 7, 6, 7, false",
        "'', 8, 7, 8, 7, 7, false",
        // R1: cleared by somebody, the annotations are still there
        "'', 7, 7, 0, 7, 7, false",
        // a mark that is left from an older epoch
        "'', 7, 7, 6, 7, 7, false",
        "'', 7, 7, 6, 6, 6, false",
        // never touched, and no witness knows of an epoch
        "'', 0, 0, 0, 0, 0, true",
        // made anew: the manifest or the leader ConfigMap remembers
        "'', 0, 0, 0, 7, 0, false",
        "'', 0, 0, 0, 0, 7, false"
    })
    void isFreeAtOnceInTwoCasesOnly(
            String holder,
            long epoch,
            long claimed,
            long released,
            long manifest,
            long published,
            boolean free) {
        assertEquals(
                free,
                ElectionRules.mayTake(
                        lease(holder, epoch, claimed, released),
                        nobody(0, 15 * SECOND),
                        manifest,
                        published));
    }

    @ParameterizedTest(name = "holder {0}, released {1}, unchanged {2} s, manifest {3}: {4}, {5}")
    @CsvSource({
        // its own, and one whose pod has ended for sure: at once, whatever the manifest says
        "me, 0, 0, 9, true, true",
        "dead, 0, 0, 9, true, true",
        // anybody else's: once it has expired
        "b, 0, 14, 7, false, false",
        "b, 0, 15, 9, true, true",
        // released in order: beside a manifest of that epoch, or once it has expired
        "'', 7, 0, 7, true, true",
        "'', 7, 0, 8, false, true",
        "'', 7, 15, 8, true, true",
        // R1: cleared by somebody: only once it has expired
        "'', 0, 14, 7, false, false",
        "'', 0, 15, 7, true, true"
    })
    void isTakenOnlyWhereNoOtherGateCanBeOpen(
            String holder,
            long released,
            long unchanged,
            long manifest,
            boolean taken,
            boolean couldBeTaken) {
        LeaseRecord lease = lease(holder, 7, 7, released);
        ElectionRules.Contender me =
                new ElectionRules.Contender("me", "dead", unchanged * SECOND, 15 * SECOND);
        assertEquals(taken, ElectionRules.mayTake(lease, me, manifest, 7));
        assertEquals(couldBeTaken, ElectionRules.couldBeTaken(lease, me));
    }

    @Test
    void oneThatNobodyTouchedIsTakenIfNoWitnessKnowsOfAnEpoch() {
        LeaseRecord untouched = lease("", 0, 0, 0);
        ElectionRules.Contender me = new ElectionRules.Contender("me", null, 0, 15 * SECOND);
        assertTrue(ElectionRules.couldBeTaken(untouched, me));
        assertTrue(ElectionRules.mayTake(untouched, me, 0, 0));
        assertFalse(ElectionRules.mayTake(untouched, me, 7, 0));
        assertFalse(ElectionRules.mayTake(untouched, me, 0, 7));
    }

    @ParameterizedTest(name = "{0}, {1}, {2} -> {3}")
    @CsvSource({"0, 0, 0, 1", "7, 7, 7, 8", "7, 9, 8, 10", "0, 3, 4, 5", "9, 3, 4, 10"})
    void nextEpochIsAboveEveryWitness(long lease, long manifest, long published, long next) {
        assertEquals(next, ElectionRules.nextEpoch(lease, manifest, published));
    }

    @Test
    void recordKnowsItsKinds() {
        assertTrue(lease("", 0, 0, 0).untouched());
        assertFalse(lease("", 1, 0, 0).untouched());
        assertFalse(lease("", 0, 1, 0).untouched());
        assertFalse(lease("b", 0, 0, 0).untouched());
        assertTrue(lease("", 3, 3, 3).releasedInOrder());
        assertFalse(lease("b", 3, 3, 3).releasedInOrder());
        assertFalse(lease("", 0, 0, 0).releasedInOrder());
        assertEquals("9", lease("b", 3, 3, 3).withVersion("9").version());
    }
}
