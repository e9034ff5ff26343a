package io.flinkha.agent.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flinkha.agent.adapter.storage.BlobWitness;
import io.flinkha.agent.adapter.storage.CopySeal;
import io.flinkha.agent.core.lease.ElectionRules;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.port.BlobStore;
import io.flinkha.agent.port.ManifestMirror;
import io.flinkha.agent.port.Witness;
import io.flinkha.agent.port.Witness.Marks;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On the fake, and on marks and copies in each store that there is. */
class WitnessContractTest {
    private static final byte[] KEY = "a key of thirty-two bytes, more or less".getBytes(UTF_8);
    private static BlobStores stores;

    /** A witness in a place that nothing lies in. */
    record Kind(String name, BlobStores.@Nullable Kind store) {
        Witness fresh() {
            return store == null ? new FakeWitness() : witness(store.empty(), "orders", KEY);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void open() throws IOException {
        stores = BlobStores.open();
    }

    @AfterAll
    static void close() throws IOException {
        stores.close();
    }

    static Stream<Kind> kinds() {
        return Stream.concat(
                Stream.of(new Kind("fake witness", null)),
                stores.kinds().stream().map(kind -> new Kind(kind.toString(), kind)));
    }

    private static Witness witness(BlobStore store, String clusterId, byte @Nullable [] key) {
        return new BlobWitness(
                store,
                new CopySeal(clusterId, () -> key),
                WitnessContractTest::text,
                WitnessContractTest::manifest);
    }

    /** What differs here; all of it is ManifestStoreContractTest's subject. */
    private static String text(Manifest manifest) {
        return "%d %d %d".formatted(manifest.epoch(), manifest.sequence(), manifest.reservedTo());
    }

    private static Manifest manifest(String text) {
        List<Long> numbers = Stream.of(text.split(" ")).map(Long::valueOf).toList();
        return manifest(numbers.get(0), numbers.get(1)).withReservedTo(numbers.get(2));
    }

    private static Manifest manifest(long epoch, long sequence) {
        return Manifest.EMPTY
                .claimedBy(new Leadership(epoch, "jm/u", "t", "r"))
                .withSequence(sequence);
    }

    private static void commit(Witness witness, Manifest manifest) throws IOException {
        var unused = witness.commit(manifest);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void nobodyLeftAnything(Kind kind) throws IOException {
        Witness witness = kind.fresh();
        assertEquals(new Marks(false, 0), witness.look(1));
        assertEquals(new Witness.Copies(null, List.of()), witness.copies());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aMarkIsSeenAtOnceAndBelongsToWhoLeftIt(Kind kind) throws IOException {
        Witness witness = kind.fresh();
        assertEquals(new Marks(true, 7), witness.mark(7, "jm-0/u1"));
        assertEquals(new Marks(true, 7), witness.mark(7, "jm-0/u1"));
        assertEquals(new Marks(false, 7), witness.mark(7, "jm-1/u2"));
        assertEquals(new Marks(true, 7), witness.look(7));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aLaterMarkIsSeenBesideOnesOwn(Kind kind) throws IOException {
        Witness witness = kind.fresh();
        var unused = witness.mark(9, "jm-0/u1");
        assertEquals(new Marks(true, 10), witness.mark(10, "jm-1/u2"));
        assertEquals(new Marks(true, 10), witness.look(9));
        assertEquals(new Marks(false, 10), witness.look(8));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aCommitIsReadAtOnceAndSeesTheMarks(Kind kind) throws IOException {
        Witness witness = kind.fresh();
        assertEquals(new Marks(false, 0), witness.commit(manifest(7, 41)));
        var unused = witness.mark(7, "jm-0/u1");
        assertEquals(new Marks(true, 7), witness.commit(manifest(7, 42)));
        assertEquals(new Witness.Copies(manifest(7, 42), List.of()), witness.copies());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theNewestCopyIsOfTheHighestEpoch(Kind kind) throws IOException {
        Witness witness = kind.fresh();
        commit(witness, manifest(9, 1_000));
        commit(witness, manifest(10, 9));
        commit(witness, manifest(9, 8));
        assertEquals(manifest(10, 9), witness.copies().newest());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatIsThereStaysAndIsNotTakenForSomethingElse(Kind kind) throws IOException {
        Witness witness = kind.fresh();
        commit(witness, manifest(7, 42));
        commit(witness, manifest(7, 42));
        Manifest other = manifest(7, 42).withReservedTo(99);
        assertThrows(IOException.class, () -> witness.commit(other));
        assertEquals(manifest(7, 42), witness.copies().newest());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aMarkThatIsTooFarAboveIsIgnored(Kind kind) throws IOException {
        Witness witness = kind.fresh();
        var unused = witness.mark(7 + ElectionRules.TOO_FAR + 1, "jm-1/u2");
        assertEquals(new Marks(false, 0), witness.look(7));
        assertEquals(new Marks(true, 7), witness.mark(7, "jm-0/u1"));
        assertEquals(new Marks(true, 7), witness.look(7));
        unused = witness.mark(7 + ElectionRules.TOO_FAR, "jm-1/u2");
        assertEquals(new Marks(true, 7 + ElectionRules.TOO_FAR), witness.look(7));
    }

    /** Else the epoch above it would have a digit more, and sort below. */
    @Test
    void aMarkAboveTheLastEpochIsNone() throws IOException {
        FakeBlobStore store = new FakeBlobStore();
        var unused = store.putIfAbsent("epochs/1000000000", "jm/u".getBytes(UTF_8));
        Witness witness = witness(store, "orders", KEY);
        assertEquals(new Marks(false, 0), witness.look(ManifestMirror.LAST_EPOCH));
        assertEquals(
                new Marks(true, ManifestMirror.LAST_EPOCH),
                witness.mark(ManifestMirror.LAST_EPOCH, "jm/u"));
    }

    @Test
    void oldMarksGo() throws IOException {
        FakeBlobStore store = new FakeBlobStore();
        Witness witness = witness(store, "orders", KEY);
        for (long epoch = 1; epoch <= 30; epoch++) {
            assertEquals(new Marks(true, epoch), witness.mark(epoch, "jm/u"));
        }
        assertEquals(10, store.list("epochs").size());
        assertEquals(new Marks(false, 30), witness.look(20));
        assertEquals(new Marks(true, 30), witness.look(21));
    }

    /** Higher names, whoever put them there, count for nothing; the good copy below them does. */
    @Test
    void whatDoesNotVerifyIsNamedAndPassedOver() throws IOException {
        FakeBlobStore store = new FakeBlobStore();
        Witness witness = witness(store, "orders", KEY);
        commit(witness, manifest(7, 42));
        String good = ManifestMirror.name(manifest(7, 42));
        byte[] copy = store.get("manifests/" + good).orElseThrow();
        String renamed = ManifestMirror.name(manifest(999_999_999L, 1));
        put(store, renamed, copy);
        String unsealed = ManifestMirror.name(manifest(8, 43));
        put(store, unsealed, CopySeal.json(new String(copy, UTF_8)).getBytes(UTF_8));
        commit(witness(store, "payments", KEY), manifest(8, 44));
        byte[] otherKey = "another key, of another cluster's ConfigMap".getBytes(UTF_8);
        commit(witness(store, "orders", otherKey), manifest(8, 45));
        Witness.Copies found = witness.copies();
        assertEquals(manifest(7, 42), found.newest());
        assertEquals(
                List.of(
                        renamed,
                        ManifestMirror.name(manifest(8, 45)),
                        ManifestMirror.name(manifest(8, 44)),
                        unsealed),
                found.unverified());
    }

    private static void put(BlobStore store, String name, byte[] content) throws IOException {
        var unused = store.putIfAbsent("manifests/" + name, content);
    }

    @Test
    void withoutAKeyNothingIsCommittedOrVerified() throws IOException {
        FakeBlobStore store = new FakeBlobStore();
        commit(witness(store, "orders", KEY), manifest(7, 42));
        Witness witness = witness(store, "orders", null);
        assertThrows(IOException.class, () -> witness.commit(manifest(7, 43)));
        assertNull(witness.copies().newest());
    }
}
