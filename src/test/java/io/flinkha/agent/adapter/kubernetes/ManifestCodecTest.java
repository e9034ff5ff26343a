package io.flinkha.agent.adapter.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.manifest.Manifest;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class ManifestCodecTest {
    @Test
    void keepsFieldsThatItDoesNotKnow() {
        JsonObject before =
                ManifestCodec.encode(Manifest.EMPTY, new JsonObject()).put("ofANewerAgent", 5);
        JsonObject after = ManifestCodec.encode(ManifestCodec.decode(before), before.copy());
        assertEquals(5, after.getInteger("ofANewerAgent"));
    }

    @Test
    void refusesAnotherVersionByNumber() {
        JsonObject newer = ManifestCodec.encode(Manifest.EMPTY, new JsonObject()).put("version", 2);
        String message =
                String.valueOf(
                        assertThrows(
                                        IllegalArgumentException.class,
                                        () -> ManifestCodec.decode(newer))
                                .getMessage());
        assertTrue(message.contains("version 2"), message);
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
