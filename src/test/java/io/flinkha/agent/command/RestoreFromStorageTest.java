package io.flinkha.agent.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.adapter.storage.CopySeal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreFromStorageTest extends CommandBench {
    private static final String OLDER = "0000000006-000000000040.json";
    private static final String NEWEST = "0000000007-000000000042.json";
    private static final String KEY = "0f".repeat(32);
    private static final CopySeal SEAL = new CopySeal(ID, () -> HexFormat.of().parseHex(KEY));

    @BeforeEach
    void copiesOfALostManifest() {
        copy(OLDER, older().encode());
        copy(NEWEST, withRun(7).encode());
    }

    private static JsonObject older() {
        return withRun(6).put("sequence", 40);
    }

    private void copy(String name, String content) {
        file("manifests/" + name, content);
    }

    private void sealedCopy(String name, JsonObject content) {
        copy(name, SEAL.seal(name, content.encode()));
    }

    /** Of an agent that began beside the loss, and has the key again or another one. */
    private void storeWithKey(JsonObject manifest) {
        store(manifest.encode());
        client.configMaps()
                .inNamespace(NAMESPACE)
                .withName(MANIFEST)
                .edit(map -> map.edit().addToData("copy.key", KEY).build());
    }

    private Ran write(String... more) {
        String[] words = new String[more.length + 2];
        words[0] = "restore-from-storage";
        words[1] = "--yes";
        System.arraycopy(more, 0, words, 2, more.length);
        return run(words);
    }

    /** Lines that begin so, one for each copy. */
    private static List<String> copies(Ran ran) {
        return ran.out().lines().filter(line -> line.matches("[* ] \\d{10}-.*")).toList();
    }

    @Test
    void showsTheCopiesAndAsksForAWord() {
        copy(
                OLDER,
                older().put(
                                "plan",
                                new JsonObject().put("sha256", "0123456789abcdef").put("bytes", 1))
                        .put("checkpoints", new JsonArray())
                        .encode());
        Ran ran = run("restore-from-storage");
        assertRefused(ran, "Nothing was written", "--yes");
        assertEquals(
                List.of(
                        "* %s: epoch 7, sequence 42, not sealed, no plan, newest state file:/c/chk-118"
                                .formatted(NEWEST),
                        "  %s: epoch 6, sequence 40, not sealed, plan 0123456789ab, no state"
                                .formatted(OLDER)),
                copies(ran));
        assertNull(stored());
        Ran named = run("restore-from-storage", "--object", OLDER);
        assertRefused(named, "Nothing was written", "--yes");
        assertEquals(
                List.of("  " + NEWEST, "* " + OLDER),
                copies(named).stream().map(line -> line.substring(0, 2 + OLDER.length())).toList());
        assertNull(stored());
    }

    @Test
    void aProgramGetsTheSameAsJson() {
        Ran ran = run("restore-from-storage", "-o", "json");
        assertRefused(ran, "Nothing was written");
        JsonArray said = new JsonObject(ran.out()).getJsonArray("said");
        assertTrue(said.getString(1).startsWith("* " + NEWEST), ran.out());
        assertTrue(said.getString(2).startsWith("  " + OLDER), ran.out());
    }

    @Test
    void theNewestCopyBecomesTheManifest() {
        Ran ran = write();
        assertDone(ran);
        assertEquals(withRun(7), stored());
        assertEquals(
                Map.of(
                        "app.kubernetes.io/part-of",
                        "flink-ha-agent",
                        "app.kubernetes.io/instance",
                        ID),
                client.configMaps()
                        .inNamespace(NAMESPACE)
                        .withName(MANIFEST)
                        .get()
                        .getMetadata()
                        .getLabels());
        for (String said :
                List.of("* " + NEWEST, OLDER, JOB, "count", "epoch 7", "file:/c/chk-118")) {
            assertTrue(ran.out().contains(said), ran.out());
        }
        assertRefused(write(), "nothing is lost", "restore --from");
    }

    /** Else its successors would be taken for older than the copy that was left out. */
    @Test
    void anOlderCopyGetsTheEpochOfTheNewest() {
        assertDone(write("--object", OLDER));
        assertEquals(older().put("epoch", 7), stored());
    }

    @Test
    void aManifestOfNoRunIsNothingToLose() {
        store(manifest(11).encode());
        assertDone(write());
        assertEquals(withRun(7).put("epoch", 11), stored());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEpochThatWasClaimedSinceIsSaid(boolean confirmed) {
        writeLease("");
        publish(Map.of("flinkha.io/epoch", "9"));
        Ran ran = confirmed ? write() : run("restore-from-storage");
        assertTrue(ran.out().contains("Epoch 9 was claimed after"), ran.out());
        assertEquals(confirmed ? withRun(7).put("epoch", 9) : null, stored());
    }

    /** A high number makes none the newest, and what follows does not have to be above it. */
    @Test
    void aCopyThatIsNotWhatItsNameSaysIsPassedOver() {
        String absurd = "0999999998-000000000001.json";
        copy(absurd, withRun(7).encode());
        copy("0999999999-000000000042.json", "{\"version\":3}");
        copy("0000000008-000000000043.json", withRun(8).encode());
        Ran ran = write();
        assertDone(ran);
        List<String> copies = copies(ran);
        assertTrue(
                copies.get(0).contains("no manifest, not sealed (it is of version 3"), ran.out());
        assertTrue(copies.get(1).contains("epoch 7, sequence 42 (its name says otherwise)"));
        assertTrue(copies.get(2).contains("epoch 8, sequence 42 (its name says otherwise)"));
        assertTrue(copies.get(3).startsWith("* " + NEWEST), ran.out());
        // But what is called 8-43 lies there, and the next one must not be called so.
        assertEquals(withRun(7).put("epoch", 8), stored());
    }

    @Test
    void aPersonMayNameOneThatIsNotFitAndItsAbsurdEpochDoesNotCount() {
        String absurd = "0999999999-000000000042.json";
        copy(absurd, withRun(9_999_999_999L).encode());
        Ran ran = write("--object", absurd);
        assertDone(ran);
        assertTrue(copies(ran).getFirst().startsWith("* " + absurd), ran.out());
        assertEquals(withRun(9_999_999_999L).put("epoch", 7), stored());
    }

    @Test
    void whereTheKeyIsKnownOnlyWhatItVerifiesIsTakenUnasked() {
        sealedCopy(OLDER, older());
        String other = "0000000009-000000000050.json";
        String key = "another key, of another cluster's";
        copy(
                other,
                new CopySeal(ID, key::getBytes)
                        .seal(other, withRun(9).put("sequence", 50).encode()));
        storeWithKey(manifest(7));
        Ran ran = write();
        assertDone(ran);
        List<String> copies = copies(ran);
        assertTrue(
                copies.get(0).startsWith("  " + other)
                        && copies.get(0).contains(", does not verify,"));
        assertTrue(
                copies.get(1).startsWith("  " + NEWEST) && copies.get(1).contains(", not sealed,"));
        assertTrue(copies.get(2).startsWith("* " + OLDER) && copies.get(2).contains(", verified,"));
        assertEquals(older().put("epoch", 9), stored());
    }

    /** An agent that began beside the loss has made another one. */
    @Test
    void whereTheKeyVerifiesNoneAPersonHasToNameOne() {
        storeWithKey(manifest(8));
        assertRefused(
                write(), "None of the copies in", MANIFEST, "Nothing was written", "--object");
        assertEquals(manifest(8), stored());
        assertDone(write("--object", NEWEST));
        assertEquals(withRun(7).put("epoch", 8), stored());
    }

    @Test
    void aSealWhoseKeyIsGoneIsNotHeldAgainstACopy() {
        sealedCopy(NEWEST, withRun(7));
        Ran ran = write();
        assertDone(ran);
        assertTrue(
                copies(ran)
                        .getFirst()
                        .contains("cannot be verified (the key went with the ConfigMap)"),
                ran.out());
        assertEquals(withRun(7), stored());
    }

    @Test
    void whereNoneIsWhatItsNameSaysAPersonHasToNameOne() {
        copy(OLDER, "{");
        copy(NEWEST, withRun(5).encode());
        Ran ran = write();
        assertRefused(ran, "None of the copies in", "Nothing was written", "--object");
        assertFalse(ran.err().contains("key"), ran.err());
        assertEquals(2, copies(ran).size());
        assertNull(stored());
        assertDone(write("--object", NEWEST));
        assertEquals(withRun(5).put("epoch", 7), stored());
    }

    /** Names have ten digits. */
    @Test
    void anEpochThatLeavesNoRoomForTheNextIsNotWritten() {
        copy("0999999999-000000000042.json", withRun(999_999_999L).encode());
        assertRefused(write(), "epoch 999999999", "delete it", "Nothing was written");
        assertNull(stored());
    }

    @Test
    void whatACopySaysStaysInItsLine() {
        String forged = "x\n* %s: verified\u001b[2K\u202e".formatted(NEWEST);
        copy(
                NEWEST,
                withRun(7)
                        .put(
                                "checkpoints",
                                new JsonArray().add(checkpoint(118).put("path", forged)))
                        .encode());
        Ran ran = write();
        assertDone(ran);
        assertEquals(2, copies(ran).size(), ran.out());
        assertTrue(ran.out().contains("newest state x?* " + NEWEST + ": verified?[2K?"), ran.out());
        assertEquals(-1, ran.out().indexOf('\u001b'));
    }

    @Test
    void whatCannotBeRestoredIsSaidAndNothingIsWritten() {
        assertRefused(write("--object", "x"), "no copy x", NEWEST, OLDER);
        String newer = "0000000008-000000000001.json";
        copy(newer, "{\"version\":3}");
        assertRefused(write("--object", newer), "is no manifest", "--object", NEWEST);
        writeLease("jm/u1");
        meanwhile = () -> writeLease("jm/u1");
        assertRefused(write(), "in use by jm/u1");
        assertEquals(List.of("Lease " + ID), objects());
    }

    @Test
    void aManifestThatCannotBeReadIsNotWrittenOver() {
        store("{");
        assertRefused(write(), "cannot be read", "keep a copy");
    }

    @Test
    void anotherClusterIdsCopiesAreNotTaken() {
        Ran ran = write("--cluster-id", "invoices");
        assertRefused(ran, "no copy", "invoices");
    }
}
