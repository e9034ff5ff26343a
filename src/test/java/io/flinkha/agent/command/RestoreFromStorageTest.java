package io.flinkha.agent.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestoreFromStorageTest extends CommandBench {
    private static final String OLDER = "0000000006-000000000040.json";
    private static final String NEWEST = "0000000007-000000000042.json";

    @BeforeEach
    void copiesOfALostManifest() {
        file("manifests/" + OLDER, withRun(6).encode());
        file("manifests/" + NEWEST, withRun(7).encode());
    }

    @Test
    void theNewestCopyBecomesTheManifest() {
        Ran ran = run("restore-from-storage");
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
        for (String said : List.of(NEWEST, JOB, "count", "epoch 7", "file:/c/chk-118")) {
            assertTrue(ran.out().contains(said), ran.out());
        }
        assertRefused(run("restore-from-storage"), "nothing is lost", "restore --from");
    }

    /** Else its successors would be taken for older than the copy that was left out. */
    @Test
    void anOlderCopyGetsTheEpochOfTheNewest() {
        assertDone(run("restore-from-storage", "--object", OLDER));
        assertEquals(withRun(6).put("epoch", 7), stored());
    }

    @Test
    void aManifestOfNoRunIsNothingToLose() {
        store(manifest(11).encode());
        assertDone(run("restore-from-storage"));
        assertEquals(withRun(7).put("epoch", 11), stored());
    }

    @Test
    void anEpochThatWasClaimedSinceIsSaid() {
        writeLease("");
        publish(Map.of("flinkha.io/epoch", "9"));
        Ran ran = run("restore-from-storage");
        assertDone(ran);
        assertTrue(ran.out().contains("Epoch 9 was claimed after"), ran.out());
        assertEquals(withRun(7).put("epoch", 9), stored());
    }

    @Test
    void whatCannotBeRestoredIsSaidAndNothingIsWritten() {
        assertRefused(run("restore-from-storage", "--object", "x"), "no copy x", NEWEST, OLDER);
        file("manifests/0000000008-000000000001.json", "{\"version\":2}");
        assertRefused(run("restore-from-storage"), "is no manifest", "--object", NEWEST);
        writeLease("jm/u1");
        meanwhile = () -> writeLease("jm/u1");
        assertRefused(run("restore-from-storage"), "in use by jm/u1");
        assertEquals(List.of("Lease " + ID), objects());
    }

    @Test
    void aManifestThatCannotBeReadIsNotWrittenOver() {
        store("{");
        assertRefused(run("restore-from-storage"), "cannot be read", "keep a copy");
    }

    @Test
    void anotherClusterIdsCopiesAreNotTaken() {
        Ran ran = run("restore-from-storage", "--cluster-id", "invoices");
        assertRefused(ran, "no copy", "invoices");
    }
}
