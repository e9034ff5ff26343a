package io.flinkha.agent.adapter.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.manifest.Manifest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ManifestCodecTest {
    @Test
    void keepsFieldsThatItDoesNotKnow() {
        JsonObject before =
                ManifestCodec.encode(Manifest.EMPTY, new JsonObject()).put("ofANewerAgent", 5);
        JsonObject after = ManifestCodec.encode(ManifestCodec.decode(before), before.copy());
        assertEquals(5, after.getInteger("ofANewerAgent"));
    }

    /** The first agents knew fewer fields. */
    @Test
    void readsWhatOlderAgentsWrote() throws IOException {
        Manifest manifest = ManifestCodec.decode(golden("version-1-first"));
        assertEquals(7, manifest.epoch());
        assertEquals(12, manifest.checkpoints().getLast().id());
        assertEquals(List.of(), manifest.earlierRuns());
        assertEquals("orders", Objects.requireNonNull(manifest.run()).jobName());
    }

    /** A field that is renamed, or lost on the way, would be a new version. */
    @Test
    void writesWhatItReads() throws IOException {
        JsonObject golden = golden("version-1");
        assertEquals(golden, ManifestCodec.encode(ManifestCodec.decode(golden), new JsonObject()));
    }

    private static JsonObject golden(String name) throws IOException {
        try (InputStream in =
                ManifestCodecTest.class.getResourceAsStream("/manifest/" + name + ".json")) {
            return new JsonObject(
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void refusesAnotherVersionByNumber() {
        JsonObject newer = ManifestCodec.encode(Manifest.EMPTY, new JsonObject()).put("version", 3);
        String message =
                String.valueOf(
                        assertThrows(
                                        ManifestCodec.NewerFormatException.class,
                                        () -> ManifestCodec.decode(newer))
                                .getMessage());
        assertTrue(message.contains("version 3"), message);
    }

    @Test
    void namesAMissingField() {
        JsonObject broken = ManifestCodec.encode(Manifest.EMPTY, new JsonObject());
        broken.remove("epoch");
        String message =
                String.valueOf(
                        assertThrows(
                                        IllegalArgumentException.class,
                                        () -> ManifestCodec.decode(broken))
                                .getMessage());
        assertTrue(message.contains("'epoch'"), message);
    }
}
