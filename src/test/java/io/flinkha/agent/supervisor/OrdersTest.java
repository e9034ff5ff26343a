package io.flinkha.agent.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What comes through the FIFO of the run directory. */
class OrdersTest extends SupervisorBench {
    @Test
    void anOrderKillsTheStartThatItNames() {
        supervise(STAYS);
        awaitStart(1);
        order("kill 1\n");
        awaitStart(2);
        assertEquals(List.of("1 137"), ends());
    }

    /** All of it: behind a wrapper the JobManager is not the command. */
    @Test
    void itKillsTheWholeGroup() {
        supervise("bash -c '" + STARTED + "exec sleep 1000' | cat");
        long first = awaitStart(1);
        order("kill 1\n");
        awaitStart(2);
        assertFalse(lives(first));
    }

    @Test
    void oneThatHangsIsKilledToo() {
        supervise(STAYS);
        signal("STOP", awaitStart(1));
        order("kill 1\n");
        awaitStart(2);
        assertEquals(List.of("1 137"), ends());
    }

    @Test
    void ordersForOtherStartsAndGarbageDoNothing() {
        supervise(STAYS);
        signal("KILL", awaitStart(1));
        long second = awaitStart(2);
        order("kill 1\nkill 3\nkill\n\nrm -rf /\nkill 2 now\nkill -2\n");
        awaitLog("ignored the order kill\\\\ -2: .*");
        assertTrue(lives(second));
        assertEquals(
                Stream.of(
                                "kill\\ 1",
                                "kill\\ 3",
                                "kill",
                                "''",
                                "rm\\ -rf\\ /",
                                "kill\\ 2\\ now",
                                "kill\\ -2")
                        .map(order ->
                                "flink-ha-run: ignored the order "
                                        + order
                                        + ": start 2 runs, and only 'kill 2' ends it")
                        .toList(),
                log().stream().filter(line -> line.contains(": ignored the order ")).toList());
        order("kill 2\n");
        awaitStart(3);
        assertEquals(List.of("1 137", "2 137"), ends());
    }

    /** The user of the agent may write it too. */
    @Test
    void nobodysWordEndsTheReader() {
        supervise(STAYS);
        awaitStart(1);
        order("over 1\nover\n");
        order("kill 1\n");
        awaitStart(2);
        assertEquals(List.of("1 137"), ends());
    }

    @Test
    void halfAnOrderHoldsUpNothing() {
        supervise(STAYS);
        long first = awaitStart(1);
        order("ki");
        signal("KILL", first);
        awaitStart(2);
        order("\nkill 2\n");
        awaitStart(3);
        assertEquals(List.of("1 137", "2 137"), ends());
        assertTrue(log().stream().allMatch(line -> line.startsWith("flink-ha-run: ")), "" + log());
    }

    @Test
    void whatLiesInTheFifosPlaceIsReplacedAtTheStart() {
        write(run("orders"), "kill 1\n");
        supervise(STAYS);
        awaitStart(1);
        order("kill 1\n");
        awaitStart(2);
    }

    @Test
    void aFileInTheFifosPlaceHangsNothing() throws IOException {
        Process supervisor = supervise(STAYS);
        long first = awaitStart(1);
        Files.delete(run("orders"));
        order("kill 1\n");
        signal("KILL", first);
        awaitStart(2);
        supervisor.destroy();
        assertEquals(143, awaitEnd(supervisor));
    }
}
