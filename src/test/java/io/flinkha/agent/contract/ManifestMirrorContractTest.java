package io.flinkha.agent.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkha.agent.adapter.storage.BlobManifestMirror;
import io.flinkha.agent.adapter.storage.Storages;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.port.ManifestMirror;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ManifestMirrorContractTest {
    @TempDir Path directory;

    enum Kind {
        FAKE,
        DIRECTORY
    }

    private ManifestMirror mirror(Kind kind) {
        return switch (kind) {
            case FAKE -> new FakeMirror();
            case DIRECTORY -> new BlobManifestMirror(Storages.directory(directory));
        };
    }

    private Path manifests() {
        return directory.resolve("manifests");
    }

    private static String name(long epoch, long sequence) {
        return ManifestMirror.name(
                Manifest.EMPTY
                        .claimedBy(new Leadership(epoch, "jm/u", "t", "r"))
                        .withSequence(sequence));
    }

    @Test
    void aNameSortsAsTheCommitsFollowedEachOther() {
        assertEquals("0000000007-000000000042.json", name(7, 42));
        assertEquals(7, ManifestMirror.epoch(name(7, 42)));
    }

    @ParameterizedTest
    @EnumSource
    void nothingWasEverMirrored(Kind kind) throws IOException {
        ManifestMirror mirror = mirror(kind);
        assertEquals(List.of(), mirror.list());
        assertEquals(Optional.empty(), mirror.newest());
        assertEquals(Optional.empty(), mirror.read(name(1, 1)));
        mirror.delete(name(1, 1));
    }

    @ParameterizedTest
    @EnumSource
    void anObjectNeverChanges(Kind kind) throws IOException {
        ManifestMirror mirror = mirror(kind);
        mirror.put(name(1, 1), "{\"é\":1}");
        mirror.put(name(1, 1), "{}");
        assertEquals(Optional.of("{\"é\":1}"), mirror.read(name(1, 1)));
    }

    @ParameterizedTest
    @EnumSource
    void theNewestIsOfTheHighestEpochWhateverWasWrittenLast(Kind kind) throws IOException {
        ManifestMirror mirror = mirror(kind);
        for (String name : List.of(name(9, 8), name(10, 9), name(9, 1_000))) {
            mirror.put(name, "{}");
        }
        assertEquals(List.of(name(10, 9), name(9, 1_000), name(9, 8)), mirror.list());
        assertEquals(Optional.of(name(10, 9)), mirror.newest());
    }

    @Test
    void aNameAboveTheLastEpochIsNoCopy() throws IOException {
        ManifestMirror mirror = mirror(Kind.DIRECTORY);
        String last = name(ManifestMirror.LAST_EPOCH, 1);
        mirror.put(last, "{}");
        mirror.put(name(ManifestMirror.LAST_EPOCH + 1, 1), "{}");
        mirror.put(name(9_999_999_999L, 1), "{}");
        assertEquals(List.of(last), mirror.list());
        assertEquals(Optional.of(last), mirror.newest());
        assertEquals(Optional.empty(), mirror.read(name(9_999_999_999L, 1)));
    }

    @Test
    void whatIsHalfWrittenOrForeignIsNoObject() throws IOException {
        ManifestMirror mirror = mirror(Kind.DIRECTORY);
        mirror.put(name(1, 1), "{}");
        Files.writeString(manifests().resolve(".incoming-1"), "{");
        Files.writeString(manifests().resolve("notes.txt"), "");
        Files.writeString(directory.resolve("secret"), "");
        assertEquals(List.of(name(1, 1)), mirror.list());
        assertEquals(Optional.empty(), mirror.read("../secret"));
        try (Stream<Path> files = Files.list(manifests())) {
            assertEquals(3, files.count());
        }
    }
}
