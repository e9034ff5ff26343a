package io.flinkha.agent.adapter.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CopySealTest {
    private static final String NAME = "0000000007-000000000042.json";
    private static final String JSON = "{\"version\":1,\"epoch\":7,\"sequence\":42}";
    private static final CopySeal SEAL =
            new CopySeal("orders", () -> "0123456789abcdef0123456789abcdef".getBytes(UTF_8));

    @Test
    void byteForByte() throws IOException {
        String golden = Files.readString(Path.of("src/test/resources/manifest/copy.txt"));
        assertEquals(golden, SEAL.seal(NAME, JSON));
        assertEquals(Optional.of(JSON), SEAL.verified(NAME, golden));
        assertEquals(JSON, CopySeal.json(golden));
    }

    @Test
    void eachOfItsPartsIsVouchedFor() {
        String sealed = SEAL.seal(NAME, JSON);
        assertEquals(
                Optional.empty(), SEAL.verified("0000000008-000000000042.json", sealed), "name");
        assertEquals(
                Optional.empty(), SEAL.verified(NAME, sealed.replace("42}", "43}")), "content");
        CopySeal other =
                new CopySeal("payments", () -> "0123456789abcdef0123456789abcdef".getBytes(UTF_8));
        assertEquals(Optional.empty(), other.verified(NAME, sealed), "cluster-id");
        CopySeal rebuilt = new CopySeal("orders", () -> "another key".getBytes(UTF_8));
        assertEquals(Optional.empty(), rebuilt.verified(NAME, sealed), "key");
        assertEquals(Optional.empty(), SEAL.verified(NAME, JSON), "no seal");
        assertEquals(
                Optional.empty(), SEAL.verified(NAME, sealed.strip() + "0\n"), "a longer seal");
    }

    @Test
    void withoutAKeyACopyIsPlainJson() {
        CopySeal none = new CopySeal("orders", () -> null);
        assertFalse(none.hasKey());
        assertEquals(JSON, none.seal(NAME, JSON));
        assertEquals(JSON, CopySeal.json(JSON));
        assertEquals(Optional.empty(), none.verified(NAME, JSON));
    }
}
