package io.flinkha.agent.runtime;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.manifest.EarlierRun;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.port.PlanStore;
import io.flinkha.agent.port.StorageFailure;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Deletes stored plans that the manifest named and, committed in this epoch, names no longer. What
 * this process did not see named is not its to delete: another leader may just have stored it.
 */
public final class PlanCleanup implements LoopListener {
    private static final Logger LOG = Logger.getLogger(PlanCleanup.class);

    private final PlanStore plans;
    private final Executor background;

    /** {@code background} must not run it on the loop's thread: storage takes its time. */
    public PlanCleanup(PlanStore plans, Executor background) {
        this.plans = plans;
        this.background = background;
    }

    @Override
    public void stepped(State before, Event event, Transition transition) {
        State.ManifestState after = transition.state().manifest();
        Manifest old = before.manifest().committed();
        Manifest now = after.committed();
        if (old == null
                || now == null
                || old.equals(now)
                || now.epoch() != transition.state().lease().epoch()
                || after.claimed() != now.epoch()) {
            return;
        }
        Set<String> unnamed = named(old);
        unnamed.removeAll(named(now));
        for (String sha256 : unnamed) {
            background.execute(() -> delete(sha256));
        }
    }

    private static Set<String> named(Manifest manifest) {
        Set<String> plans = new HashSet<>();
        @Nullable PlanRef plan = manifest.plan();
        if (plan != null) {
            plans.add(plan.sha256());
        }
        for (EarlierRun run : manifest.earlierRuns()) {
            if (!run.plan().isEmpty()) {
                plans.add(run.plan());
            }
        }
        return plans;
    }

    private void delete(String sha256) {
        try {
            plans.delete(sha256);
        } catch (IOException e) {
            LOG.warnf(
                    "The plan %s, which nobody needs, could not be deleted: %s",
                    sha256, StorageFailure.sentence(e));
        }
    }
}
