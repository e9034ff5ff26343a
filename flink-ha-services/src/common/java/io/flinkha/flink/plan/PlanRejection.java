package io.flinkha.flink.plan;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.process.Run;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Tells the agent that the stored plan is of no use, so that the next epoch runs main() and
 * restores from the pointer, which stays.
 */
public final class PlanRejection {
    private final Agent agent;
    private final Halt halt;

    public PlanRejection(Agent agent, Halt halt) {
        this.agent = agent;
        this.halt = halt;
    }

    public CompletableFuture<?> start(Run run, String reason) {
        return agent.rejectPlan(run.grant(), reason);
    }

    /** Rejects and halts, whatever the agent says: there is nothing this process could run. */
    public Halt.Halted andHalt(Run run, String reason) {
        String outcome = "; the next start runs main() and restores from the latest checkpoint";
        try {
            var unused = start(run, reason).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            outcome = "; the agent could not be told: " + e.getCause();
        }
        return halt.now(Halt.GATE_CLOSED, reason + outcome);
    }
}
