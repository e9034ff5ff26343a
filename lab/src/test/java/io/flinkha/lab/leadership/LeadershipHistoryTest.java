package io.flinkha.lab.leadership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.lab.base.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeadershipHistoryTest {
    private final LeadershipHistory history = new LeadershipHistory();

    private void manifest(long sequence, String... leaderships) {
        history.manifest(
                Json.read(
                        """
                        {"epoch": %d, "sequence": %d, "run": {}, "history": [%s]}\
                        """
                                .formatted(
                                        leaderships.length,
                                        sequence,
                                        String.join(",", leaderships))));
    }

    private static String leadership(long epoch, String pod) {
        return """
        {"epoch": %d, "holder": "%s/uid"}\
        """
                .formatted(epoch, pod);
    }

    private static GateSpan gate(String pod, long epoch, long openedAt, long closedAt) {
        return new GateSpan(pod, pod + epoch, epoch, openedAt, closedAt);
    }

    private void assertBreach(String sentence) {
        List<String> breaches = history.breaches();
        assertEquals(1, breaches.size(), breaches::toString);
        assertTrue(breaches.getFirst().startsWith(sentence), breaches::toString);
    }

    @Test
    void oneLeaderAfterTheOther() {
        manifest(1, leadership(1, "a"));
        manifest(2, leadership(1, "a"), leadership(2, "b"));
        history.holder(2, "b/uid");
        history.gate(gate("a", 1, 100, 200));
        history.gate(gate("b", 2, 200, GateSpan.NEVER));
        assertEquals(List.of(), history.breaches());
        assertEquals(2, history.gatesOpened());
        assertEquals(2, history.epoch());
    }

    @Test
    void twoGatesAtOnce() {
        manifest(1, leadership(1, "a"), leadership(2, "b"));
        history.gate(gate("a", 1, 100, 201));
        history.gate(gate("b", 2, 200, GateSpan.NEVER));
        assertBreach("two gates are open at once");
    }

    @Test
    void whoseEndNobodyKnowsIsOpen() {
        manifest(1, leadership(1, "a"), leadership(2, "b"));
        history.gate(gate("b", 2, 200, 300));
        history.gate(gate("a", 1, 100, GateSpan.NEVER));
        assertBreach("two gates are open at once");
    }

    @Test
    void twoProcessesInOneEpoch() {
        manifest(1, leadership(1, "a"));
        history.gate(gate("a", 1, 100, 200));
        history.gate(gate("a", 1, 300, 400));
        assertBreach("two processes in one epoch");
    }

    @Test
    void theSequenceFalls() {
        manifest(2, leadership(1, "a"));
        manifest(1, leadership(1, "a"));
        history.gate(gate("a", 1, 100, 200));
        assertBreach("the manifest's sequence fell from 2 to 1");
    }

    @Test
    void theEpochFalls() {
        manifest(1, leadership(1, "a"), leadership(2, "b"));
        manifest(2, leadership(1, "a"));
        history.gate(gate("a", 1, 100, 200));
        assertBreach("the manifest's epoch fell from 2 to 1");
    }

    @Test
    void anEpochComesTwiceInTheHistory() {
        manifest(1, leadership(1, "a"), leadership(1, "a"));
        history.gate(gate("a", 1, 100, 200));
        assertBreach("epoch 1 follows 1");
    }

    @Test
    void anEpochHasTwoHolders() {
        manifest(1, leadership(1, "a"));
        history.holder(1, "b/uid");
        history.gate(gate("a", 1, 100, 200));
        assertBreach("epoch 1 belongs to a/uid and to b/uid");
    }

    @Test
    void aGateThatWasNotGiven() {
        manifest(1, leadership(1, "a"));
        history.gate(gate("b", 1, 100, 200));
        assertBreach("nobody gave this pod its epoch");
    }

    /** Its status is seen many times. */
    @Test
    void eachContainerOfTheAgentThatWasOutOfMemoryCountsOnce() {
        history.agentOutOfMemory("containerd://a");
        history.agentOutOfMemory("containerd://a");
        history.agentOutOfMemory("containerd://b");
        assertEquals(2, history.agentsOutOfMemory());
    }

    @Test
    void noGateWasSeen() {
        manifest(1, leadership(1, "a"));
        assertBreach("a job ran, and no gate was seen to open");
    }

    @Test
    void aGateIsReadFromTheLog() {
        String log =
                """
                1763856000100 00:00:00.100 INFO  Gate Waiting for leadership: claiming
                1763856000200 00:00:00.200 INFO  HaProcess Leadership granted: epoch 12, RESUME, job a.
                """;
        assertEquals(
                List.of(new GateSpan("a", "p#1", 12, 1763856000200L, GateSpan.NEVER)),
                GateSpan.logged("a", "p", log, GateSpan.NEVER));
        assertEquals(List.of(), GateSpan.logged("a", "p", "", GateSpan.NEVER));
    }

    /** Under its supervisor a container has one process after the other. */
    @Test
    void aProcessWasGoneWhenTheNextOneSpoke() {
        String log =
                """
                1763856000200 [x] INFO  y Leadership granted: epoch 12, RESUME, job z.
                flink-ha-run: start 1 ended with 137 (SIGKILL) after 24 s; start 2 follows at once
                flink-ha-run: start 2 ended with 1 after 0 s; start 3 follows in 1 s
                1763856004000 [x] INFO  y hello
                1763856004500 [x] INFO  y Leadership granted: epoch 13, RESUME, job z.
                """;
        assertEquals(
                List.of(
                        new GateSpan("a", "p#1", 12, 1763856000200L, 1763856004000L),
                        new GateSpan("a", "p#3", 13, 1763856004500L, GateSpan.NEVER)),
                GateSpan.logged("a", "p", log, GateSpan.NEVER));
    }

    /** With two pods the next gate opens in the other one, before anything begins again here. */
    @Test
    void aProcessWasGoneWhenItsSupervisorSaidSo() {
        String log =
                """
                2025-11-22T23:20:00.201234567Z 1763856000200 [x] INFO  y Leadership granted: epoch 12, RESUME, job z.
                2025-11-22T23:20:01.050000000Z flink-ha-run: start 1 ended with 137 (SIGKILL) after 24 s; start 2 follows at once
                2025-11-22T23:20:04.000000000Z 1763856004000 [x] INFO  y hello
                """;
        assertEquals(
                List.of(new GateSpan("a", "p#1", 12, 1763856000200L, 1763853601050L)),
                GateSpan.logged("a", "p", log, GateSpan.NEVER));
    }
}
