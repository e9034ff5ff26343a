package io.flinkha.lab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PulsesTest {
    @TempDir private Path directory;

    @Test
    void theGapGoesFromOneAttemptToTheNext() throws IOException {
        Files.writeString(directory.resolve("0-a.pulse"), "100\n110\n");
        Files.writeString(directory.resolve("0-b.pulse"), "510\n520\n");
        assertEquals(400, Pulses.read(directory).longestGapMillis(105, 600));
    }

    @Test
    void oneSubtaskThatStandsStillIsAGap() throws IOException {
        Files.writeString(directory.resolve("0-a.pulse"), "100\n110\n120\n130\n");
        Files.writeString(directory.resolve("1-a.pulse"), "100\n130\n");
        assertEquals(30, Pulses.read(directory).longestGapMillis(0, 200));
    }

    @Test
    void aGapThatWasOverBeforeDoesNotCount() throws IOException {
        Files.writeString(directory.resolve("0-a.pulse"), "100\n900\n910\n920\n");
        assertEquals(10, Pulses.read(directory).longestGapMillis(900, 1000));
    }

    @Test
    void aLineThatAKillHasCutIsLeftOut() {
        assertEquals(List.of(100L), Pulses.parse("100\n1"));
        assertEquals(List.of(), Pulses.parse("1"));
    }
}
