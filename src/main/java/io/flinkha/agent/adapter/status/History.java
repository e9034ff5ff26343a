package io.flinkha.agent.adapter.status;

import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.port.AgentView;
import io.flinkha.agent.port.Takeover;
import io.flinkha.agent.port.Takeover.Step;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who led, since when and why; and of the epochs that this process began, how long each step took.
 */
final class History {
    private static final Map<Step, String> NAMES =
            Map.of(
                    Step.PROCESS_ENDED, "processEnded",
                    Step.EPOCH_BEGAN, "epochBegan",
                    Step.CLAIMED, "claimed",
                    Step.CONFIRMED, "confirmed",
                    Step.JOB_MANAGER_REGISTERED, "jobManagerRegistered",
                    Step.GATE_OPENED, "gateOpened",
                    Step.ADDRESSES_PUBLISHED, "addressesPublished",
                    Step.FIRST_CHECKPOINT, "firstCheckpoint");

    private History() {}

    static JsonObject of(String clusterId, AgentView agent) {
        Map<Long, Takeover> seen =
                agent.takeovers().stream()
                        .collect(Collectors.toMap(Takeover::epoch, takeover -> takeover));
        return StatusJson.history(
                clusterId,
                Objects.requireNonNullElse(agent.state().manifest().committed(), Manifest.EMPTY),
                one -> StatusJson.leadership(one).put("phases", phases(seen.get(one.epoch()))));
    }

    private static @Nullable JsonObject phases(@Nullable Takeover takeover) {
        if (takeover == null) {
            return null;
        }
        Map<Step, Moment> steps = takeover.steps();
        Moment start =
                steps.containsKey(Step.PROCESS_ENDED)
                        ? steps.get(Step.PROCESS_ENDED)
                        : steps.get(Step.EPOCH_BEGAN);
        JsonObject phases = new JsonObject();
        for (Step step : Step.values()) {
            phases.put(NAMES.get(step), phase(steps.get(step), start));
        }
        return phases;
    }

    private static @Nullable JsonObject phase(@Nullable Moment at, @Nullable Moment start) {
        return at == null || start == null
                ? null
                : new JsonObject()
                        .put("time", Instant.ofEpochMilli(at.wallMillis()).toString())
                        .put("millis", (at.nanos() - start.nanos()) / 1_000_000);
    }
}
