package io.flinkha.agent.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.adapter.storage.DirectoryBlobStore;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.port.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobStoreContractTest {
    private static final String SHA_OF_ABC =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir Path directory;

    private BlobStore store() {
        return new DirectoryBlobStore(directory.resolve("plans"));
    }

    private PlanRef put(String... parts) throws IOException {
        try (BlobStore.Writer writer = store().create()) {
            for (String part : parts) {
                writer.write(part.getBytes(StandardCharsets.UTF_8));
            }
            return writer.commit();
        }
    }

    @Test
    void namesByContent() throws IOException {
        assertEquals(new PlanRef(SHA_OF_ABC, 3), put("a", "bc"));
        assertEquals(new PlanRef(SHA_OF_ABC, 3), put("abc"));
    }

    @Test
    void givesBackWhatWasPut() throws IOException {
        PlanRef ref = put("abc");
        try (InputStream in = store().open(ref).orElseThrow()) {
            assertArrayEquals("abc".getBytes(StandardCharsets.UTF_8), in.readAllBytes());
        }
        assertEquals(Optional.empty(), store().damage(ref));
    }

    @Test
    void nothingIsVisibleBeforeTheCommitOrLeftWithoutIt() throws IOException {
        try (BlobStore.Writer writer = store().create()) {
            writer.write("abc".getBytes(StandardCharsets.UTF_8));
            assertTrue(store().open(new PlanRef(SHA_OF_ABC, 3)).isEmpty());
        }
        try (Stream<Path> left = Files.list(directory.resolve("plans"))) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void absentTruncatedAndAlteredAreNamed() throws IOException {
        PlanRef ref = put("abc");
        Path file = directory.resolve("plans").resolve(SHA_OF_ABC);
        Files.writeString(file, "ab");
        String truncated = store().damage(ref).orElseThrow();
        assertTrue(
                truncated.contains(file.toString())
                        && truncated.contains("3 bytes recorded, 2 found"),
                truncated);
        Files.writeString(file, "abd");
        assertTrue(store().damage(ref).orElseThrow().contains("sha256"));
        Files.delete(file);
        assertTrue(store().damage(ref).orElseThrow().contains("is gone"));
    }

    @Test
    void puttingItAgainHealsADamagedObject() throws IOException {
        PlanRef ref = put("abc");
        Files.writeString(directory.resolve("plans").resolve(SHA_OF_ABC), "abd");
        put("abc");
        assertEquals(Optional.empty(), store().damage(ref));
    }

    @Test
    void deletesOneObjectAndMindsNoneThatIsGone() throws IOException {
        PlanRef ref = put("abc");
        PlanRef other = put("abd");
        store().delete(ref.sha256());
        store().delete(ref.sha256());
        assertEquals(Optional.empty(), store().open(ref));
        assertEquals(Optional.empty(), store().damage(other));
    }
}
