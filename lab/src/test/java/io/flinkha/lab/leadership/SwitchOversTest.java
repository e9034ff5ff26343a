package io.flinkha.lab.leadership;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkha.lab.leadership.SwitchOvers.Times;
import org.junit.jupiter.api.Test;

class SwitchOversTest {
    private final SwitchOvers switchOvers = new SwitchOvers();

    /** The epoch stays on a Lease that nobody has. */
    @Test
    void aLeaseIsReleasedAndTaken() {
        switchOvers.lease(1, "a/uid", 100);
        switchOvers.lease(1, "", 250);
        switchOvers.lease(2, "b/uid", 260);
        switchOvers.claimed(2, 270);
        switchOvers.lease(2, "b/uid", 5_000);
        switchOvers.claimed(2, 5_000);
        assertEquals(new Times(240, 250, 260, 270), switchOvers.timesOf(2, 240));
        assertEquals("b/uid", switchOvers.holder());
    }

    @Test
    void whatWasNotSeenHasNoTime() {
        switchOvers.lease(1, "a/uid", 100);
        switchOvers.lease(2, "b/uid", 60_100);
        assertEquals(new Times(0, 0, 60_100, 0), switchOvers.timesOf(2, GateSpan.NEVER));
    }
}
