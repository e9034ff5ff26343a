package io.flinkha.agent.adapter.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.contract.FakeBlobStore;
import io.flinkha.agent.contract.FakeBlobStore.Puts;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.port.BlobStore;
import io.flinkha.agent.port.BlobStore.Blob;
import io.flinkha.agent.port.PlanStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlobPlanStoreTest {
    private static final String SHA_OF_ABC =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private final FakeBlobStore store = new FakeBlobStore();
    private final BlobPlanStore plans = new BlobPlanStore(store);

    private PlanRef put(byte[]... pieces) throws IOException {
        try (PlanStore.Writer writer = plans.create()) {
            for (byte[] piece : pieces) {
                writer.write(piece);
            }
            return writer.commit();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** A plan of two whole parts and a bit. */
    private static byte[] longPlan() {
        byte[] plan = new byte[2 * BlobStore.MAX_BYTES + 17];
        new Random(7).nextBytes(plan);
        return plan;
    }

    private List<String> names() throws IOException {
        return store.list("plans").stream().map(Blob::name).toList();
    }

    private void assertWhole(byte[] content, PlanRef ref) throws IOException {
        try (InputStream in = plans.open(ref).orElseThrow()) {
            assertArrayEquals(content, in.readAllBytes());
        }
        assertEquals(Optional.empty(), plans.damage(ref));
    }

    @Test
    void namesByContent() throws IOException {
        assertEquals(new PlanRef(SHA_OF_ABC, 3), put(bytes("a"), bytes("bc")));
        assertEquals(new PlanRef(SHA_OF_ABC, 3), put(bytes("abc")));
        assertEquals(List.of("plans/" + SHA_OF_ABC), names());
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                65_536,
                BlobStore.MAX_BYTES - 1,
                BlobStore.MAX_BYTES,
                BlobStore.MAX_BYTES + 1,
                2 * BlobStore.MAX_BYTES
            })
    void givesBackAPlanOfAnyLength(int length) throws IOException {
        byte[] plan = new byte[length];
        new Random(length).nextBytes(plan);
        PlanRef ref = put(plan);
        assertEquals(length, ref.bytes());
        assertWhole(plan, ref);
        int parts = length <= BlobStore.MAX_BYTES ? 0 : 2;
        assertEquals(1 + parts, names().size(), names()::toString);
    }

    @Test
    void noObjectIsLongerThanAllowed() throws IOException {
        put(longPlan());
        for (Blob blob : store.list("plans")) {
            assertTrue(blob.bytes() <= BlobStore.MAX_BYTES, blob::toString);
        }
    }

    @Test
    void nothingIsVisibleBeforeTheCommitOrLeftWithoutIt() throws IOException {
        try (PlanStore.Writer writer = plans.create()) {
            writer.write(longPlan());
            assertTrue(
                    names().stream()
                            .allMatch(name ->
                                    BlobPlanStore.PART.matcher(name.substring(6)).matches()));
        }
        assertEquals(List.of(), names());
    }

    @Test
    void absentTruncatedAndAlteredAreNamed() throws IOException {
        PlanRef ref = put(bytes("abc"));
        String object = "plans/" + SHA_OF_ABC;
        store.overwrite(object, bytes("ab"));
        String truncated = plans.damage(ref).orElseThrow();
        assertTrue(
                truncated.contains("fake:/" + object)
                        && truncated.contains("3 bytes recorded, 2 found"),
                truncated);
        store.overwrite(object, bytes("abd"));
        assertTrue(plans.damage(ref).orElseThrow().contains("sha256"));
        store.delete(object);
        assertTrue(plans.damage(ref).orElseThrow().contains("is gone"));
    }

    @Test
    void aPartThatIsGoneOrAListThatIsNoneIsNamed() throws IOException {
        PlanRef ref = put(longPlan());
        String part = names().stream().filter(name -> name.endsWith("-1")).findAny().orElseThrow();
        store.delete(part);
        String gone = plans.damage(ref).orElseThrow();
        assertTrue(gone.contains("its part fake:/" + part + " is gone"), gone);
        store.overwrite("plans/" + ref.sha256(), bytes("no list"));
        assertTrue(plans.damage(ref).orElseThrow().contains("0 found"));
    }

    @Test
    void puttingItAgainHealsADamagedPlan() throws IOException {
        PlanRef shorter = put(bytes("abc"));
        store.overwrite("plans/" + shorter.sha256(), bytes("abd"));
        put(bytes("abc"));
        assertWhole(bytes("abc"), shorter);

        PlanRef longer = put(longPlan());
        store.delete(names().stream().filter(name -> name.endsWith("-2")).findAny().orElseThrow());
        put(longPlan());
        assertWhole(longPlan(), longer);
    }

    @Test
    void theSamePlanTwiceLiesThereOnce() throws IOException {
        PlanRef ref = put(longPlan());
        List<String> once = names();
        assertEquals(ref, put(longPlan()));
        assertEquals(once, names());
        assertWhole(longPlan(), ref);
    }

    /** Taken for somebody else's, its own list would lose the parts that it names. */
    @ParameterizedTest
    @EnumSource(names = {"ANSWER_LOST", "REPEATED"})
    void aWriteWhoseOutcomeIsNotKnownIsLookedAt(Puts puts) throws IOException {
        store.puts = puts;
        assertWhole(longPlan(), put(longPlan()));
        assertWhole(bytes("abc"), put(bytes("abc")));
    }

    @Test
    void aStorageThatRefusesLeavesNothingToTrust() throws IOException {
        store.denied = "put";
        assertThrows(IOException.class, () -> put(longPlan()));
        assertThrows(IOException.class, () -> put(bytes("abc")));
        assertEquals(List.of(), names());
    }

    @Test
    void deletesOnePlanWithItsPartsAndNoOther() throws IOException {
        PlanRef longer = put(longPlan());
        PlanRef other = put(bytes("abd"));
        byte[] similar = longPlan();
        similar[similar.length - 1]++;
        PlanRef sharing = put(similar);
        plans.delete(longer.sha256());
        plans.delete(longer.sha256());
        assertEquals(Optional.empty(), plans.open(longer));
        assertWhole(bytes("abd"), other);
        assertWhole(similar, sharing);
        plans.delete(sharing.sha256());
        assertEquals(List.of("plans/" + other.sha256()), names());
    }
}
