package io.flinkha.agent.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What ends is started again; what both sides read of it. */
class RestartsTest extends SupervisorBench {
    @Test
    void afterASigkillTheNextStartFollowsAtOnceAndKnowsOfTheEnd() {
        supervise("cp run/ends run/start . 2>/dev/null; " + STAYS);
        signal("KILL", awaitStart(1));
        awaitStart(2);
        awaitLog("start 1 ended with 137 \\(SIGKILL\\) after \\d+ s; start 2 follows at once");
        assertTrue(lines(file("ends")).getFirst().matches("1 137 \\d+ \\d{10,}"));
        assertTrue(lines(file("start")).getFirst().matches("2 \\d{10,}"));
        assertEquals(List.of("1 137"), ends());
    }

    @Test
    void anyCodeOfACommandIsRecorded() {
        supervise(
                "[ $FLINK_HA_START != 1 ] || exit 75; [ $FLINK_HA_START != 2 ] || exit 200; "
                        + STAYS);
        awaitStart(3);
        assertEquals(List.of("1 75", "2 200"), ends());
        awaitLog("start 1 ended with 75 after .*");
        awaitLog("start 2 ended with 200 after .*");
    }

    @Test
    void startsAreFurtherAndFurtherApart() {
        supervise("exit 1");
        awaitLog("start 4 ended .*");
        List<String> apart =
                log().stream()
                        .filter(line -> line.contains(" ended with 1 after "))
                        .map(line -> line.replaceAll(".*?(\\d+) s apart now.*|.*", "$1"))
                        .limit(4)
                        .toList();
        assertEquals(List.of("", "1", "4", "16"), apart);
    }

    @Test
    void numbersGoOnWithAnotherSupervisor() {
        Process first = supervise(STAYS);
        awaitStart(1);
        first.destroy();
        assertEquals(143, awaitEnd(first));
        supervise(STAYS);
        awaitStart(2);
        assertEquals(List.of("1 143"), ends());
    }

    /** The kernel's out-of-memory killer takes a whole container. */
    @Test
    void anEndThatNobodySawIsRecordedByTheNextSupervisor() {
        Process first = supervise(STAYS);
        long command = awaitStart(1);
        first.destroyForcibly();
        awaitEnd(first);
        signal("KILL", command);
        supervise(STAYS);
        awaitStart(2);
        assertEquals(List.of("1 -1"), ends());
        assertTrue(lines(run("ends")).getFirst().matches("1 -1 \\d+ \\d{10,}"));
    }

    @Test
    void theLastHundredEndsAreKept() throws IOException {
        Files.write(
                run("ends"),
                IntStream.rangeClosed(1, 100).mapToObj(n -> n + " 1 5 1700000000").toList());
        write(run("start"), "100 1700000000\n");
        supervise("[ $FLINK_HA_START != 101 ] || exit 3; " + STAYS);
        awaitStart(102);
        assertEquals(100, ends().size());
        assertEquals("2 1", ends().getFirst());
        assertEquals("101 3", ends().getLast());
    }

    @Test
    void whatIsNoRecordIsNotTakenForOne() {
        write(run("start"), "garbage\n");
        write(run("ends"), "");
        supervise(STAYS);
        awaitStart(1);
        assertTrue(lines(run("start")).getFirst().startsWith("1 "));
    }

    /** A wrapper may end before what it started: two JobManagers would run. */
    @Test
    void whatIsLeftOfAStartIsKilledBeforeTheNext() {
        supervise(
                "[ $FLINK_HA_START = 1 ] || read -r _ _ state _ < /proc/$(cat left)/stat;"
                        + " echo \"${state:-gone}\" > seen; "
                        + STARTED
                        + "[ $FLINK_HA_START != 1 ] && exec sleep 1000;"
                        + " sleep 1000 & echo $! > left; exit 3");
        awaitStart(2);
        assertEquals(List.of("1 3"), ends());
        assertTrue(
                List.of("gone", "Z").containsAll(lines(file("seen"))),
                lines(file("seen"))::toString);
    }

    /** As in a container, whose first process begins a session; tini makes such groups. */
    @Test
    void aGroupThatAWrapperMadeIsKilledToo() {
        start(
                List.of("setsid", "--wait", program()),
                Map.of(),
                "--",
                "bash",
                "-c",
                "[ $FLINK_HA_START = 1 ] || read -r _ _ state _ < /proc/$(cat left)/stat;"
                        + " echo \"${state:-gone}\" > seen; set -m; sleep 1000 & echo $! > left; "
                        + STARTED
                        + "wait");
        awaitStart(1);
        order("kill 1\n");
        awaitStart(2);
        assertTrue(
                List.of("gone", "Z").containsAll(lines(file("seen"))),
                lines(file("seen"))::toString);
    }

    @Test
    void whatASigkilledFlinkLeavesIsRemovedAndNothingElse() throws IOException {
        String uuid = "dec19a67-e333-4608-8590-6b1cb88b99b4";
        List<String> flinks =
                List.of(
                        "jm_3b3e368e3d5f6f8a082593f4c4653cb1/blobStorage",
                        "flink-web-" + uuid + "/flink-web-upload",
                        "flink-distributed-cache-" + uuid,
                        "blobStore-" + uuid,
                        "flink-rpc-akka" + uuid + ".jar",
                        "flink-table-planner_" + uuid + ".jar",
                        "jaas-1662529822436991623.conf");
        List<String> others =
                List.of(
                        "jm_orders/blobStorage",
                        "flink-web-upload/my.jar",
                        "flink-table-planner_2.12-2.3.0.jar",
                        "my-" + uuid,
                        "flink-web-" + uuid + "-mine",
                        "jaas-mine.conf",
                        "hsperfdata_flink/7",
                        "two words");
        Path tmp = Files.createDirectory(file("tmp"));
        for (String name : Stream.concat(flinks.stream(), others.stream()).toList()) {
            Files.createDirectories(tmp.resolve(name));
        }
        start(Map.of("FLINK_HA_TMP_DIR", tmp.toString()), "--", "bash", "-c", STAYS);
        awaitStart(1);
        try (Stream<Path> left = Files.list(tmp)) {
            assertEquals(
                    others.stream().map(name -> name.replaceFirst("/.*", "")).sorted().toList(),
                    left.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    /** Or the lock would outlive a supervisor, and a reader of orders would never end. */
    @Test
    void aCommandInheritsNoDescriptor() {
        supervise("ls /proc/$$/fd > descriptors; " + STAYS);
        awaitStart(1);
        assertEquals(List.of("0", "1", "2"), lines(file("descriptors")));
    }

    @Test
    void theSentenceOfAnEarlierEndIsNotThatOfTheContainer() {
        write(file("last-words"), "");
        Process supervisor =
                supervise(
                        STARTED
                                + "[ $FLINK_HA_START != 1 ] || { echo refused > last-words; exit 78; }; exec sleep 1000");
        awaitStart(2);
        supervisor.destroy();
        assertEquals(143, awaitEnd(supervisor));
        assertEquals(List.of(), lines(file("last-words")));
    }
}
