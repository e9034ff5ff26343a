package io.flinkha.agent.runtime;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Fact;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.port.PlanStore;
import io.flinkha.agent.port.StorageFailure;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

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
    public void stepped(Event event, Transition transition) {
        for (Fact fact : transition.facts()) {
            if (fact instanceof Fact.PlansForgotten forgotten) {
                for (String sha256 : forgotten.sha256()) {
                    background.execute(() -> delete(sha256));
                }
            }
        }
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
