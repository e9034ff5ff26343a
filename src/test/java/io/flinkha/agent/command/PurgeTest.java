package io.flinkha.agent.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.mockwebserver.http.RecordedRequest;
import io.flinkha.agent.adapter.kubernetes.KubernetesLeaseStore;
import io.flinkha.agent.contract.Connected;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PurgeTest extends CommandBench {
    private static final List<String> EVERYTHING =
            List.of("ConfigMap " + LEADER, "ConfigMap " + MANIFEST, "Lease " + ID);

    @BeforeEach
    void aLifeThatIsOver() {
        writeLease("");
        publish(Map.of("flinkha.io/epoch", "7"));
        file("plans/" + "0".repeat(64), "plan");
        file("manifests/0000000007-000000000042.json", "{}");
        file("checkpoints/chk-118/_metadata", "the user's");
    }

    @Test
    void showsWhatItWouldDeleteAndAsksForAWord() {
        store(withRun(7).encode());
        List<String> before = files();
        Ran ran = run("purge");
        assertRefused(ran, "--yes");
        EVERYTHING.forEach(object -> assertTrue(ran.out().contains(object), ran.out()));
        assertTrue(ran.out().contains("0".repeat(64)), ran.out());
        assertEquals(EVERYTHING, objects());
        assertEquals(before, files());
    }

    @Test
    void nothingButTheUsersFilesIsLeft() {
        store(withRun(7).encode());
        Ran ran = run("purge", "--yes");
        assertDone(ran);
        assertEquals(List.of(), objects());
        assertEquals(List.of("checkpoints/chk-118/_metadata"), files());
        assertTrue(ran.out().contains("file:/c/chk-118"), ran.out());
        Ran again = run("purge", "--yes");
        assertDone(again);
        assertTrue(again.out().contains("Nothing of this cluster-id"), again.out());
    }

    @Test
    void whoRenewsTheLeaseKeepsEverything() {
        store(withRun(7).encode());
        writeLease("jm/u1");
        meanwhile = () -> writeLease("jm/u1");
        assertRefused(run("purge", "--yes"), "in use by jm/u1");
        assertEquals(EVERYTHING, objects());
    }

    /** Somebody cleared or deleted it; the leader writes it again with its next renewal. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLeaseThatNobodyReleasedIsNotTakenForFree(boolean deleted) {
        store(withRun(7).encode());
        removeLease();
        if (!deleted) {
            new KubernetesLeaseStore(Connected.as(client), NAMESPACE, ID).createEmpty();
        }
        meanwhile = () -> writeLease("jm/u1");
        assertRefused(run("purge", "--yes"), "in use by jm/u1");
        assertEquals(EVERYTHING, objects());
    }

    @Test
    void aHolderThatDiedIsWaitedForAndNotAskedForEver() {
        store(withRun(7).encode());
        writeLease("jm/u1");
        Ran ran = run("purge", "--yes");
        assertDone(ran);
        assertTrue(ran.out().contains("60 s"), ran.out());
        assertEquals(List.of(), objects());
    }

    /** Whoever takes the Lease after the last look must find the manifest still there. */
    @Test
    void theLeaseIsDeletedFirstAndOnlyAsItWasSeen() throws InterruptedException {
        assertDone(run("purge", "--yes"));
        RecordedRequest request = server.takeRequest();
        while (!request.getMethod().equals("DELETE")) {
            request = server.takeRequest();
        }
        assertTrue(request.getPath().endsWith("/leases/" + ID), request.getPath());
        String body = request.getBody().readUtf8();
        assertTrue(body.contains("\"preconditions\":{\"resourceVersion\":"), body);
    }

    @Test
    void whatStockFlinkHasTakenOverStays() {
        client.configMaps().inNamespace(NAMESPACE).withName(LEADER).delete();
        publish(Map.of("flinkha.io/epoch", "7", "control-plane.alpha.kubernetes.io/leader", "{}"));
        assertDone(run("purge", "--yes"));
        assertEquals(List.of("ConfigMap " + LEADER), objects());
        Map<String, String> annotations =
                client.configMaps()
                        .inNamespace(NAMESPACE)
                        .withName(LEADER)
                        .get()
                        .getMetadata()
                        .getAnnotations();
        assertEquals("{}", annotations.get("control-plane.alpha.kubernetes.io/leader"));
        assertNull(annotations.get("flinkha.io/epoch"));
    }

    @Test
    void aNewerAgentsManifestIsDeletedUnread() {
        store("{\"version\":3}");
        Ran ran = run("purge", "--yes");
        assertDone(ran);
        assertTrue(ran.out().contains("newer flink-ha-agent"), ran.out());
        assertEquals(List.of(), objects());
    }

    @Test
    void aGarbledManifestIsDeletedUnread() {
        store("{");
        Ran ran = run("purge", "--yes");
        assertDone(ran);
        assertTrue(ran.out().contains("cannot be read"), ran.out());
        assertEquals(List.of(), objects());
    }
}
