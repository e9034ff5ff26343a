package io.flinkha.flink.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.agent.Pointer;
import io.flinkha.flink.fake.FakeObjectStore;
import io.flinkha.flink.fake.RunDirectoryOnDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoreTest {
    @TempDir Path directory;
    private final FakeObjectStore store = FakeObjectStore.install();
    private RunDirectoryOnDisk files;
    private String path;

    @BeforeEach
    void start() throws Exception {
        files = new RunDirectoryOnDisk(directory);
        path = files.checkpoint(7).getExternalPointer().replace("file:", "objects:");
    }

    @AfterEach
    void stop() {
        store.close();
    }

    private MetadataFile.Outcome ofRestorePath() {
        return MetadataFile.ofRestorePath(path, getClass().getClassLoader()).outcome();
    }

    private MetadataFile.Outcome ofPointer() {
        Pointer pointer = new Pointer(7, path, path + "/_metadata", 1, 1, 1);
        return MetadataFile.of(pointer, getClass().getClassLoader()).outcome();
    }

    /** Taken for damaged, it would be refused for good, or passed over. */
    @Test
    void aClientThatThrowsUncheckedIsAStorageThatDoesNotAnswer() {
        assertEquals(MetadataFile.Outcome.READ, ofRestorePath());
        assertEquals(MetadataFile.Outcome.READ, ofPointer());
        store.answers = false;
        assertEquals(MetadataFile.Outcome.UNREACHABLE, ofRestorePath());
        assertEquals(MetadataFile.Outcome.UNREACHABLE, ofPointer());
    }

    @Test
    void aStreamThatBreaksUncheckedIsNoDamage() throws IOException {
        InputStream broken =
                new InputStream() {
                    @Override
                    public int read() {
                        throw new IllegalStateException("Connection reset");
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) {
                        return read();
                    }
                };
        try (SourceStream source = new SourceStream(broken)) {
            assertThrows(IllegalStateException.class, () -> source.read(new byte[1], 0, 1));
            assertTrue(source.failed());
        }
    }

    /** Else one marker that another client made keeps a run from ever being swept. */
    @Test
    void aDirectoryThatTheStoreDoesNotDeleteStays() throws IOException {
        Files.createDirectories(files.resolve("chk-8"));
        new StateStorage(() -> true)
                .deleteIfEmpty(
                        new org.apache.flink.core.fs.Path("objects:" + files.resolve("chk-8")));
        assertTrue(Files.exists(files.resolve("chk-8")));
    }
}
