package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.restart.PodView;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Against whom a contender leaves its mark while it waits for the Lease, and what that saves. */
@NullMarked
class WitnessEarlyMarkTest {
    private static final PodView LEAVES = new PodView("uid-a", true, false);

    private static long highestMark(Bench bench) {
        Event found = bench.store.perform(new Action.LookForMarks(1, 1));
        return assertInstanceOf(Event.MarksSeen.class, found).highest();
    }

    /** Its node is lost: both waits run at once. */
    @Test
    void podThatLeavesIsMarkedAgainstWhileItsLeaseIsWaitedFor() {
        for (PodView pod : Arrays.asList(LEAVES, null, new PodView("uid-another", false, false))) {
            Bench leader = WitnessTest.leader();
            leader.api.putPod("pod-a", pod);
            Bench other = WitnessTest.other(leader);
            leader.runByStorage(12_000);
            var unused = leader.offer("jm-1", 1, leader.checkpoint(2));
            leader.answerStorage();
            other.run(3_800);
            assertEquals(1, highestMark(other), "two retry periods without a renewal come first");
            other.run(1_000);
            assertEquals(2, highestMark(other));
            assertEquals(Phase.CONTENDING, other.state.phase());
            other.run(10_200);
            assertEquals(Phase.CONTENDING, other.state.phase());
            other.run(400);
            assertEquals(Phase.OPENING, other.state.phase());
            assertEquals(2, other.epoch());
            assertEquals(2, WitnessTest.last(other));
        }
    }

    @Test
    void podThatStaysIsNotMarkedAgainstBeforeItsLeaseHasRunOut() {
        Bench leader = WitnessTest.leader();
        Bench other = WitnessTest.other(leader);
        other.run(15_000);
        assertEquals(1, highestMark(other));
    }

    /** Its JobManager may be about to end with a savepoint, and keeps its hold until then. */
    @Test
    void podThatLeavesIsNotMarkedAgainstWhileItRenews() {
        Bench leader = WitnessTest.leader();
        leader.api.putPod("pod-a", LEAVES);
        Bench other = WitnessTest.other(leader);
        for (int i = 0; i < 100; i++) {
            leader.run(200);
            other.run(200);
        }
        assertEquals(1, highestMark(other));
        leader.runByStorage(60_000);
        assertEquals(Phase.LEADING, leader.state.phase());
    }

    @Test
    void earlyMarkIsWaitedForFromItsAnswerOn() {
        Bench leader = WitnessTest.leader();
        leader.api.putPod("pod-a", LEAVES);
        Bench other = WitnessTest.other(leader);
        long from = other.millis;
        other.runWithoutStorage(9_000);
        Action.PutMark put = other.take(Action.PutMark.class);
        Event answer = other.perform(put);
        other.runWithoutStorage(1_000);
        other.step(answer);
        other.run(from + 16_800 - other.millis);
        assertEquals(Phase.CLAIMING, other.state.phase(), "7 s from the tenth on");
        other.run(600);
        assertEquals(Phase.OPENING, other.state.phase());
    }

    @Test
    void earlyMarkSaysNothingOfALeaseThatHasMovedOn() {
        Bench leader = WitnessTest.leader();
        leader.api.putPod("pod-a", LEAVES);
        Bench other = WitnessTest.other(leader);
        other.run(6_000);
        assertEquals(2, highestMark(other));
        leader.pass(6_000).run(2_200);
        leader.api.putPod("pod-a", WitnessTest.STAYS);
        other.pass(2_200).run(15_400);
        assertEquals(Phase.CLAIMING, other.state.phase());
        other.run(6_400);
        assertEquals(Phase.CLAIMING, other.state.phase());
        other.run(1_600);
        assertEquals(Phase.OPENING, other.state.phase());
    }

    /** Whoever says on a Lease that it waits compares and swaps it: its holder did not renew. */
    @Test
    void earlyMarkCountsOnceItsPodStandsByToo() {
        Bench leader = WitnessTest.leader();
        leader.api.putPod("pod-a", LEAVES);
        Bench other =
                WitnessTest.proven(WitnessTest.other(leader, WitnessTest.FAILSAFE.withStandby()));
        other.run(6_000);
        assertEquals(2, highestMark(other));
        other.jobManagerStarts("jm-b");
        other.run(1_000);
        assertEquals("pod-b/uid-b", Objects.requireNonNull(leader.api.lease()).standby());
        other.run(8_000);
        assertEquals(Phase.CONTENDING, other.state.phase());
        other.run(1_000);
        assertEquals(Phase.OPENING, other.state.phase());
        assertEquals(2, other.epoch());
    }

    /** Who left it may take the Lease; one above would be a mark against that one. */
    @Test
    void earlyMarkOfAnotherOneIsLeftAlone() {
        Bench leader = WitnessTest.leader();
        leader.api.putPod("pod-a", LEAVES);
        Bench other = WitnessTest.other(leader);
        assertTrue(leader.store.putMark(2, "pod-z/uid-z"));
        other.run(14_000);
        assertEquals(2, highestMark(other));
        other.run(1_400);
        assertEquals(Phase.CLAIMING, other.state.phase());
        assertEquals(3, other.epoch());
        other.run(6_400);
        assertEquals(Phase.CLAIMING, other.state.phase());
        other.run(1_600);
        assertEquals(Phase.OPENING, other.state.phase());
    }
}
