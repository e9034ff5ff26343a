package io.flinkha.flink.plan;

import io.flinkha.flink.HaProcess;
import io.flinkha.flink.agent.Wire;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.process.Run;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/**
 * Tells the agent that the stored plan is of no use, so that the next epoch runs main() and
 * restores from the pointer, which stays.
 */
public final class PlanRejection {
    private PlanRejection() {}

    public static CompletableFuture<JsonNode> start(HaProcess process, Run run, String reason) {
        return process.calls()
                .start(
                        "rejecting the stored plan",
                        () ->
                                process.client()
                                        .post(
                                                "/v1/plan-rejected",
                                                Wire.ofJob(run).put("reason", reason)));
    }

    /** Rejects and halts, whatever the agent says: there is nothing this process could run. */
    public static Halt.Halted andHalt(HaProcess process, Run run, String reason) {
        String outcome = "; the next start runs main() and restores from the latest checkpoint";
        try {
            var unused = start(process, run, reason).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            outcome = "; the agent could not be told: " + e.getCause();
        }
        return process.halt().now(Halt.GATE_CLOSED, reason + outcome);
    }
}
