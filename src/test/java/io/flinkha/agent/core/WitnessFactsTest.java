package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of the storage as witness, each fact once. */
class WitnessFactsTest extends FactsBench {
    @Test
    void anEarlyMarkIsToldOnceItIsKnownToBeThere() {
        after.lease.record = new LeaseRecord("pod", "n", 2, 2, 0, 15, "version");
        before.witness.early = 3;
        after.witness.early = 3;
        assertEquals(List.of(), facts(), "it is somebody else's, or not answered");
        after.witness.earlyAt = 1_000;
        assertOnce(new Fact.MarkedEarly(3, "pod"));
    }

    @Test
    void theStorageIsToldToBeginAndToEndAsTheWitness() {
        before.lease.epoch = 2;
        after.lease.epoch = 2;
        after.witness.heldSince = 1_000;
        assertOnce(new Fact.HeldByStorage(2, true));
        before.witness.heldSince = 1_000;
        after.witness.heldSince = 0;
        assertOnce(new Fact.HeldByStorage(2, false));
    }

    @Test
    void aCommitByTheStorageIsTold() {
        Event put = new Event.CopyCommitted(1, true, 2);
        assertEquals(List.of(), facts(put), "there is no manifest");
        after.manifest.committed = Manifest.EMPTY.withSequence(9);
        assertEquals(List.of(new Fact.CommittedByStorage(9)), facts(put));
        assertEquals(List.of(), facts(), "it came from the API server");
        before.manifest.committed = after.manifest.committed;
        assertEquals(List.of(), facts(put), "it came too late to count");
    }

    @Test
    void aManifestIsToldToBeHealedOnce() {
        Manifest old = Manifest.EMPTY.withSequence(8);
        Manifest copy = Manifest.EMPTY.withSequence(9);
        after.witness.copy = copy;
        assertEquals(List.of(), facts(), "the copy is no newer");
        after.witness.healed = old;
        assertOnce(new Fact.ManifestHealed(old, copy));
        before.witness.healed = Manifest.EMPTY;
        assertOnce(new Fact.ManifestHealed(old, copy));
        after.witness.copy = null;
        assertEquals(List.of(), facts());
    }

    @Test
    void copiesThatDoNotVerifyAreToldUntilThereAreOthers() {
        after.witness.unverified = List.of("a");
        assertOnce(new Fact.CopiesUnverified(List.of("a")));
        before.witness.unverified = List.of("a");
        after.witness.unverified = List.of("a", "b");
        assertOnce(new Fact.CopiesUnverified(List.of("a", "b")));
        after.witness.unverified = List.of();
        assertEquals(List.of(), facts());
    }
}
