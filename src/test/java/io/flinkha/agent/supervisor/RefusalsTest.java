package io.flinkha.agent.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What it cannot do it says once, and starts nothing. */
class RefusalsTest extends SupervisorBench {
    private static final Map<String, String> AS_IT_IS = Map.of();

    private void assertRefused(int code, String sentence, Process supervisor) {
        assertEquals(code, awaitEnd(supervisor));
        String all = String.join("\n", log());
        assertEquals(1, log().size(), all);
        assertTrue(all.startsWith("flink-ha-run: ") && all.contains(sentence), all);
        assertEquals(
                all.substring("flink-ha-run: ".length()),
                String.join("\n", lines(file("last-words"))));
    }

    /** The agent's budget of ends has to count it, or the kubelet may try again for ever. */
    private void assertCounted(int code) {
        assertEquals(List.of("1 " + code), ends());
        assertTrue(lines(run("start")).getFirst().matches("1 \\d{10,}"));
    }

    @Test
    void aWrongCall() {
        write(file("last-words"), "");
        assertRefused(64, "called with 'java -jar x'", start(AS_IT_IS, "java", "-jar", "x"));
        assertCounted(64);
    }

    @Test
    void noCommand() {
        write(file("last-words"), "");
        assertRefused(64, "called with '--'", start(AS_IT_IS, "--"));
        assertCounted(64);
    }

    @Test
    void aCommandThatIsNotThere() {
        write(file("last-words"), "of the start before");
        assertRefused(
                78,
                "Command 'jawa' is not there, or cannot be executed",
                start(AS_IT_IS, "--", "jawa", "-version"));
        assertCounted(78);
    }

    @Test
    void aCommandThatCannotBeExecuted() {
        write(file("last-words"), "");
        String script = file("last-words").toString();
        assertRefused(78, "Command '" + script + "' is not", start(AS_IT_IS, "--", script));
        assertCounted(78);
    }

    @Test
    void numbersGoOnWithARefusedCommand() {
        Process first = supervise(STAYS);
        awaitStart(1);
        first.destroy();
        assertEquals(143, awaitEnd(first));
        assertEquals(78, awaitEnd(start(AS_IT_IS, "--", "jawa")));
        assertEquals(78, awaitEnd(start(AS_IT_IS, "--", "jawa")));
        assertEquals(List.of("1 143", "2 78", "3 78"), ends());
        supervise(STAYS);
        awaitStart(4);
    }

    /** No look at a file shows it, and what bash says of it tells nobody what to do. */
    @Test
    void aCommandWhoseInterpreterIsNotThereIsTriedAgainWithASentence() {
        write(file("script"), "#!/no/such/interpreter\n");
        assertTrue(file("script").toFile().setExecutable(true));
        String script = file("script").toString();
        start(AS_IT_IS, "--", script);
        awaitLog(
                "Command '"
                        + script
                        + "' is there, but not its interpreter, or what it calls: correct .*");
        awaitLog("start 2 ended with 12[67] .*");
        assertTrue(ends().getFirst().matches("1 12[67]"), ends()::toString);
    }

    /** What bash has of its own is no command. */
    @Test
    void aWordOfTheShell() {
        write(file("last-words"), "");
        assertRefused(78, "Command 'wait' is not", start(AS_IT_IS, "--", "wait", "1"));
    }

    @Test
    void aRunDirectoryThatIsNotThere() {
        write(file("last-words"), "");
        String place = file("last-words").toString();
        assertRefused(
                78,
                "Run directory " + place + " is not there",
                start(Map.of("FLINK_HA_RUN_DIR", place), "--", "true"));
        assertFalse(Files.exists(run("start")));
    }

    @Test
    void aRunDirectoryWithoutAPlaceForTheFifo() throws IOException {
        write(file("last-words"), "");
        Files.createDirectory(run("orders"));
        assertRefused(78, "run/orders cannot be made a FIFO", start(AS_IT_IS, "--", "true"));
        assertCounted(78);
    }

    @Test
    void whereNobodyAsksForLastWordsNoFileIsMade() {
        assertEquals(64, awaitEnd(start(AS_IT_IS, "java")));
        assertFalse(Files.exists(file("last-words")));
    }

    @Test
    void aSecondSupervisorOnOneRunDirectory() {
        Process first = supervise(STAYS);
        long command = awaitStart(1);
        assertEquals(78, awaitEnd(supervise(STAYS)));
        assertTrue(hasLogged("Another flink-ha-run runs on run directory .*"));
        order("kill 1\n");
        awaitStart(2);
        assertEquals(List.of("1 137"), ends());
        first.destroyForcibly();
        awaitEnd(first);
        assertFalse(lives(command));
        // What it started lives on here, and keeps no lock.
        supervise(STAYS);
        awaitStart(3);
    }
}
