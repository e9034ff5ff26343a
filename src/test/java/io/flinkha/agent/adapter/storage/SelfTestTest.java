package io.flinkha.agent.adapter.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.contract.FakeBlobStore;
import io.flinkha.agent.port.StorageFailure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelfTestTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeBlobStore store = new FakeBlobStore();

    private Optional<String> run() throws IOException {
        return new SelfTest(store).run(NOW);
    }

    @Test
    void aStoreThatDoesAllOfItIsRight() throws IOException {
        store.clock = NOW.plusSeconds(30);
        assertEquals(Optional.empty(), run());
        assertEquals(List.of(), store.list("probe"));
    }

    @Test
    void tellsAStoreThatIgnoresTheCondition() throws IOException {
        store.puts = FakeBlobStore.Puts.CONDITION_IGNORED;
        String sentence = run().orElseThrow();
        assertTrue(sentence.contains("ignores put-if-absent"), sentence);
        assertEquals(List.of(), store.list("probe"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "get", "list", "delete"})
    void tellsTheVerbThatIsNotAllowed(String verb) {
        store.clock = NOW;
        store.denied = verb;
        StorageFailure failure = assertThrows(StorageFailure.class, this::run);
        assertEquals(StorageFailure.Kind.DENIED, failure.kind());
        assertTrue(String.valueOf(failure.getMessage()).startsWith(verb + " "));
    }

    @Test
    void tellsAClockThatIsOff() throws IOException {
        store.clock = NOW.minus(Duration.ofMinutes(6));
        String sentence = run().orElseThrow();
        assertTrue(sentence.contains("differ by 360 s"), sentence);
    }
}
