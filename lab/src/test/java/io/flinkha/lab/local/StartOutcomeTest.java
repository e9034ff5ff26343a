package io.flinkha.lab.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartOutcomeTest {
    @TempDir private Path directory;

    private StartOutcome of(String... lines) throws IOException {
        return StartOutcome.of(
                Files.writeString(directory.resolve("log"), String.join("\n", lines)));
    }

    @Test
    void readsWhatWasRestored() throws IOException {
        StartOutcome start =
                of(
                        "1 x INFO  StartStep RESTORE: main() runs and starts from file:/c/chk-4"
                                + " (NO_CLAIM). Reason: the revision is new.",
                        "2 x INFO  CheckpointCoordinator Restoring job a from Savepoint 4 @ 0 for"
                                + " a located at file:/c/chk-4.");
        assertEquals("RESTORE", start.kind());
        assertEquals("the revision is new", start.sentence());
        assertEquals("chk-4", start.restoredFrom());
    }

    @Test
    void aHaltOverrulesTheStart() throws IOException {
        StartOutcome start =
                of(
                        "1 x INFO  StartStep RESUME: the stored plan runs. Reason: plan intact.",
                        "2 x ERROR JvmHalt This JVM halts with exit code 78: chk-4 is gone");
        assertEquals(new StartOutcome("HALT 78", "chk-4 is gone", ""), start);
        assertEquals("nothing", start.restoredFrom());
    }

    @Test
    void nothingIsDecidedYet() throws IOException {
        assertEquals(new StartOutcome("", "", ""), of("1 x INFO  Gate Waiting for leadership: x"));
        assertEquals(new StartOutcome("", "", ""), StartOutcome.of(directory.resolve("absent")));
    }
}
