package io.flinkha.agent.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.adapter.storage.SelfTest;
import io.flinkha.agent.port.BlobStore;
import io.flinkha.agent.port.BlobStore.Blob;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every store must do; {@code make storage} runs it on more of them. */
class BlobStoreContractTest {
    private static BlobStores stores;

    @BeforeAll
    static void open() throws IOException {
        stores = BlobStores.open();
    }

    @AfterAll
    static void close() throws IOException {
        stores.close();
    }

    static Stream<BlobStores.Kind> everyStore() {
        return stores.kinds().stream();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("everyStore")
    void givesBackWhatWasPut(BlobStores.Kind kind) throws IOException {
        BlobStore store = kind.empty();
        List<byte[]> contents =
                List.of(bytes(""), bytes("é\0"), random(70_000), random(BlobStore.MAX_BYTES));
        for (byte[] content : contents) {
            String name = "plans/" + content.length;
            assertTrue(store.putIfAbsent(name, content));
            assertArrayEquals(content, store.get(name).orElseThrow());
        }
    }

    @ParameterizedTest
    @MethodSource("everyStore")
    void whatIsThereStays(BlobStores.Kind kind) throws IOException {
        BlobStore store = kind.empty();
        assertTrue(store.putIfAbsent("plans/a", bytes("first")));
        assertFalse(store.putIfAbsent("plans/a", bytes("second")));
        assertArrayEquals(bytes("first"), store.get("plans/a").orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("everyStore")
    void ofManyWritersOneWins(BlobStores.Kind kind) throws Exception {
        BlobStore store = kind.empty();
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            byte[] content = bytes("writer " + i);
            writers.add(() -> store.putIfAbsent("plans/a", content));
        }
        int winner = -1;
        try (ExecutorService threads = Executors.newFixedThreadPool(writers.size())) {
            List<Future<Boolean>> results = threads.invokeAll(writers);
            for (int i = 0; i < results.size(); i++) {
                if (results.get(i).get()) {
                    assertEquals(-1, winner, "two were told that they had written it");
                    winner = i;
                }
            }
        }
        assertArrayEquals(bytes("writer " + winner), store.get("plans/a").orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("everyStore")
    void whatIsNotThereIsNoFailure(BlobStores.Kind kind) throws IOException {
        BlobStore store = kind.empty();
        assertEquals(Optional.empty(), store.get("plans/a"));
        assertEquals(List.of(), store.list("plans"));
        store.delete("plans/a");
    }

    @ParameterizedTest
    @MethodSource("everyStore")
    void listsWhatLiesInOneDirectory(BlobStores.Kind kind) throws IOException {
        BlobStore store = kind.empty();
        store.putIfAbsent("plans/b", bytes("bb"));
        store.putIfAbsent("plans/a", bytes("a"));
        store.putIfAbsent("plans-old/c", bytes("c"));
        store.putIfAbsent("manifests/d", bytes("d"));
        List<Blob> listed = new ArrayList<>(store.list("plans"));
        assertEquals(List.of("plans/a", "plans/b"), listed.stream().map(Blob::name).toList());
        assertEquals(List.of(1L, 2L), listed.stream().map(Blob::bytes).toList());
        Duration age = Duration.between(listed.getFirst().modified(), Instant.now()).abs();
        assertTrue(age.toHours() < 24, "modified at " + listed.getFirst().modified());
    }

    @ParameterizedTest
    @MethodSource("everyStore")
    void deletesOneObject(BlobStores.Kind kind) throws IOException {
        BlobStore store = kind.empty();
        store.putIfAbsent("plans/a", bytes("a"));
        store.putIfAbsent("plans/b", bytes("b"));
        store.delete("plans/a");
        assertEquals(Optional.empty(), store.get("plans/a"));
        assertTrue(store.get("plans/b").isPresent());
        assertTrue(store.putIfAbsent("plans/a", bytes("again")));
    }

    @ParameterizedTest
    @MethodSource("everyStore")
    void namesItsObjectsForPeople(BlobStores.Kind kind) throws IOException {
        BlobStore store = kind.empty();
        assertTrue(store.place("plans/a").endsWith("/plans/a"), store.place("plans/a"));
        assertTrue(store.place("plans/a").startsWith(store.place("")));
    }

    @ParameterizedTest
    @MethodSource("everyStore")
    void passesTheTestThatTheAgentMakesAtItsStart(BlobStores.Kind kind) throws IOException {
        BlobStore store = kind.empty();
        assertEquals(Optional.empty(), new SelfTest(store).run(Instant.now()));
        assertEquals(List.of(), store.list("probe"));
    }
}
