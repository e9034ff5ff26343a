package io.flinkha.agent.contract;

import static io.flinkha.agent.contract.LeaseStoreContractTest.failure;
import static io.flinkha.agent.contract.LeaseStoreContractTest.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.adapter.kubernetes.KubernetesManifestStore;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.EarlierRun;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.core.manifest.Parked;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.RestoredFrom;
import io.flinkha.agent.core.manifest.RestoredFrom.ClaimMode;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.core.manifest.Savepoint;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestStoreContractTest {
    static List<Backend> backends() {
        return Backend.all();
    }

    static final Manifest FULL =
            new Manifest(
                    7,
                    42,
                    new Revision("uid", "2.3.0", "abc"),
                    new Run("0123", "count", 5),
                    new PlanRef("ff00", 48213),
                    List.of(
                            new Checkpoint(
                                    118,
                                    "file:/c/chk-118",
                                    "file:/c/chk-118/_metadata",
                                    9310,
                                    1,
                                    2)),
                    new RestoredFrom("file:/old/chk-7", ClaimMode.NO_CLAIM, true, 77),
                    new Savepoint("0123", "file:/s/savepoint-1", 99),
                    List.of(
                            new EarlierRun("0abc", "", "ee11", false, false),
                            new EarlierRun("0def", "file:/older/chk-3", "", true, true)),
                    193,
                    new JobResult(
                            "0123",
                            JobResult.Status.FAILED,
                            "no more restarts",
                            "2026-01-01T00:00:00Z",
                            "s3://b/s",
                            true),
                    new Parked("uid", "2025-12-31T00:00:00Z"),
                    "n1",
                    0,
                    List.of(
                            new Leadership(
                                    7,
                                    "jm/u1",
                                    "2026-01-01T00:00:00Z",
                                    "the agent took the Lease")));

    private static String created(Backend backend, Manifest content) {
        return ok(backend.manifests().write(content, ok(backend.manifests().createEmpty())));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void anAbsentManifestIsNoFailure(Backend backend) {
        assertEquals(new ManifestView.Absent(), ok(backend.manifests().read()));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void everyFieldComesBack(Backend backend) {
        String version = created(backend, FULL);
        assertEquals(new ManifestView.Present(FULL, version), ok(backend.manifests().read()));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void anEmptyManifestComesBack(Backend backend) {
        String version = ok(backend.manifests().createEmpty());
        assertEquals(
                new ManifestView.Present(Manifest.EMPTY, version), ok(backend.manifests().read()));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aHoldIsThereOrNot(Backend backend) {
        Manifest held = FULL.withHoldSeconds(6);
        String version = created(backend, held);
        assertEquals(new ManifestView.Present(held, version), ok(backend.manifests().read()));
        var store = backend.manifests();
        var unused = ok(store.read());
        String next = ok(store.write(FULL, version));
        assertEquals(new ManifestView.Present(FULL, next), ok(backend.manifests().read()));
    }

    /** Copies are sealed with it: it comes with the first hold, and nobody changes it. */
    @ParameterizedTest
    @MethodSource("backends")
    void theKeyOfCopiesStays(Backend backend) {
        if (!(backend.manifests() instanceof KubernetesManifestStore store)) {
            return;
        }
        String version = ok(store.write(FULL, ok(store.createEmpty())));
        assertNull(store.copyKey());
        String held = ok(store.write(FULL.withHoldSeconds(6), version));
        byte[] key = store.copyKey();
        assertEquals(32, key == null ? 0 : key.length);
        var next = (KubernetesManifestStore) backend.manifests();
        ok(next.read());
        assertArrayEquals(key, next.copyKey());
        ok(next.write(FULL, held));
        ok(store.read());
        assertArrayEquals(key, store.copyKey());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aFieldThatIsGoneIsGone(Backend backend) {
        var store = backend.manifests();
        String version = ok(store.write(FULL, ok(store.createEmpty())));
        Manifest less = FULL.withPlan(FULL.run(), null).withRestoredFrom(null);
        ok(store.write(less, version));
        assertEquals(
                less, assertInstanceOf(ManifestView.Present.class, ok(store.read())).manifest());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void creatingOverAnExistingOneIsAConflict(Backend backend) {
        String version = created(backend, FULL);
        assertEquals(Outcome.CONFLICT, failure(backend.manifests().createEmpty()));
        assertEquals(new ManifestView.Present(FULL, version), ok(backend.manifests().read()));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aWriteOverAnOldVersionIsAConflict(Backend backend) {
        var store = backend.manifests();
        String first = ok(store.createEmpty());
        String second = ok(store.write(FULL.withSequence(43), first));
        assertNotEquals(first, second);
        assertEquals(Outcome.CONFLICT, failure(store.write(FULL.withSequence(44), first)));
        assertEquals(
                Outcome.CONFLICT, failure(backend.manifests().write(FULL.withSequence(44), first)));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aWriteOverOneThatWasDeletedDoesNotMakeIt(Backend backend) {
        Outcome outcome = failure(backend.manifests().write(FULL, "1"));
        assertTrue(Set.of(Outcome.NOT_FOUND, Outcome.CONFLICT).contains(outcome), outcome.name());
    }
}
