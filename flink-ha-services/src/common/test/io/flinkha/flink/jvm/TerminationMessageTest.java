package io.flinkha.flink.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminationMessageTest {
    @TempDir Path directory;

    private static TerminationMessage at(Path file) {
        return TerminationMessage.of(Map.of(TerminationMessage.VARIABLE, file.toString()));
    }

    @Test
    void replacesWhatAnEarlierProcessWrote() throws Exception {
        Path file = Files.writeString(directory.resolve("log"), "a longer reason of long ago");
        at(file).write("fenced");
        assertEquals("fenced", Files.readString(file));
    }

    @Test
    void isCutAtAWholeCharacter() throws Exception {
        Path file = Files.createFile(directory.resolve("log"));
        at(file).write("-" + "\u2014".repeat(2_000));
        assertEquals("-" + "\u2014".repeat(1_365), Files.readString(file));
        at(file).write("-".repeat(5_000));
        assertEquals(4_096, Files.size(file));
    }

    @Test
    void createsNothingAndIgnoresWhatIsNoFile() {
        Path file = directory.resolve("log");
        at(file).write("fenced");
        assertFalse(Files.exists(file));
        at(directory).write("fenced");
        at(Path.of("/proc/self/nothing")).write("fenced");
    }
}
