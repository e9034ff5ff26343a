package io.flinkha.lab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommittedOutputTest {
    @TempDir private Path directory;

    @Test
    void everythingOnceIsExactlyOnce() throws IOException {
        write("part-0", "0 0 1\n2 0 2\n");
        write("part-1", "1 1 1\n3 1 2\n");
        assertTrue(read().exactlyOnce());
    }

    @Test
    void uncommittedFilesDoNotCount() throws IOException {
        write("part-0", "0 0 1\n2 0 2\n1 1 1\n");
        write(".part-1.inprogress", "3 1 2\n");
        assertEquals(new CommittedOutput(4, 3, 1, 0, 0), read());
    }

    @Test
    void aRecordThatIsThereTwiceIsFound() throws IOException {
        write("part-0", "0 0 1\n2 0 2\n1 1 1\n3 1 2\n3 1 3\n");
        assertEquals(new CommittedOutput(4, 5, 0, 1, 0), read());
        assertFalse(read().exactlyOnce());
    }

    @Test
    void aLossAndARepetitionDoNotCancelOut() throws IOException {
        write("part-0", "0 0 1\n2 0 2\n1 1 1\n1 1 2\n");
        assertEquals(new CommittedOutput(4, 4, 1, 1, 0), read());
    }

    @Test
    void stateThatWentBackIsFoundByTheCounts() throws IOException {
        write("part-0", "0 0 1\n2 0 1\n1 1 1\n3 1 2\n");
        assertEquals(new CommittedOutput(4, 4, 0, 0, 1), read());
    }

    @Test
    void stateThatSawTooMuchIsFoundByTheCounts() throws IOException {
        write("part-0", "0 0 1\n2 0 3\n1 1 1\n3 1 2\n");
        assertEquals(new CommittedOutput(4, 4, 0, 0, 1), read());
    }

    @Test
    void aRecordThatNobodyAskedForIsFound() throws IOException {
        write("part-0", "0 0 1\n2 0 2\n1 1 1\n3 1 2\n4 0 3\n");
        assertFalse(read().exactlyOnce());
    }

    private CommittedOutput read() {
        return CommittedOutput.read(directory, 4);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }
}
