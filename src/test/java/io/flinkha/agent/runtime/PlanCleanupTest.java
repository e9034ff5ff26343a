package io.flinkha.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.adapter.storage.BlobPlanStore;
import io.flinkha.agent.contract.FakeBlobStore;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.States;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.port.PlanStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanCleanupTest {
    private static final Revision REVISION = new Revision("uid", "2.3.0", "code");

    private PlanRef stored(PlanStore plans, String content) throws IOException {
        try (PlanStore.Writer writer = plans.create()) {
            writer.write(content.getBytes(StandardCharsets.UTF_8));
            return writer.commit();
        }
    }

    @Test
    void onlyWhatWasNamedAndIsNoLongerGoes() throws IOException {
        BlobPlanStore plans = new BlobPlanStore(new FakeBlobStore());
        PlanRef old = stored(plans, "old");
        PlanRef current = stored(plans, "current");
        PlanRef strange = stored(plans, "of another leader");
        PlanCleanup cleanup = new PlanCleanup(plans, Runnable::run);
        Manifest first =
                Manifest.EMPTY
                        .claimedBy(new Leadership(1, "pod", "t", "r"))
                        .startRun(REVISION, new Run("a", "job", 0), null);
        Manifest named = first.withPlan(first.run(), old);
        Manifest later = named.startRun(REVISION, new Run("b", "", 0), null);
        Manifest both = later.withPlan(later.run(), current);
        step(cleanup, named, both);
        assertTrue(plans.open(old).isPresent(), "an earlier run still names it");
        step(cleanup, both, both.withEarlierRuns(List.of()));
        assertFalse(plans.open(old).isPresent());
        assertTrue(plans.open(current).isPresent());
        assertTrue(plans.open(strange).isPresent());
    }

    private static void step(PlanCleanup cleanup, Manifest before, Manifest after) {
        cleanup.stepped(
                new Event.Tick(), States.between(States.leading(before), States.leading(after)));
    }
}
