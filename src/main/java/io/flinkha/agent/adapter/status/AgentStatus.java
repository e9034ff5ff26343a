package io.flinkha.agent.adapter.status;

import io.flinkha.agent.core.Phase;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.RestartPolicy;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.port.AgentView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A state as {@code src/main/resources/openapi/status.yaml} describes it: unknown is null. */
final class AgentStatus {
    private final StatusPage.Subject subject;
    private final AgentView agent;
    private final State state;
    private final Duration idle;
    private final Duration gateRemaining;
    private final Instant now;

    AgentStatus(StatusPage.Subject subject, AgentView agent, Instant now) {
        this.subject = subject;
        this.agent = agent;
        this.state = agent.state();
        this.idle = agent.idle();
        this.gateRemaining = agent.gateRemaining();
        this.now = now;
    }

    boolean leads() {
        return state.phase() == Phase.LEADING && gateRemaining.isPositive();
    }

    private @Nullable Manifest manifest() {
        return state.manifest().committed();
    }

    private @Nullable Long epoch() {
        LeaseRecord lease = state.lease().record();
        long epoch = Math.max(state.lease().epoch(), lease == null ? 0 : lease.epoch());
        return epoch == 0 ? null : epoch;
    }

    private @Nullable String holder() {
        LeaseRecord lease = state.lease().record();
        return lease == null || !lease.held() ? null : lease.holder();
    }

    private @Nullable Leadership leadership() {
        Long epoch = epoch();
        return epoch == null ? null : ManifestJson.leadership(manifest(), epoch);
    }

    JsonObject leader() {
        Leadership leadership = leadership();
        return new JsonObject()
                .put("leads", leads())
                .put("holder", holder())
                .put("epoch", epoch())
                .put("since", leadership == null ? null : leadership.time());
    }

    JsonObject status(JsonArray settings) {
        Leadership leadership = leadership();
        JsonObject status =
                new JsonObject()
                        .put("clusterId", subject.clusterId())
                        .put("namespace", subject.namespace())
                        .put("pod", subject.pod())
                        .put(
                                "agent",
                                new JsonObject()
                                        .put("phase", state.phase().name())
                                        .put("gateOpen", gateRemaining.isPositive())
                                        .put("warmStandby", agent.warmStandby())
                                        .put("refusal", state.refusal())
                                        .put("idleMillis", idle.toMillis()))
                        .put(
                                "leadership",
                                leader().put(
                                                "reason",
                                                leadership == null ? null : leadership.reason()))
                        .put("wishes", ManifestJson.wishes(state.lease().record(), manifest()))
                        .put("jobManager", jobManager());
        return new ManifestJson(manifest(), now)
                .putInto(status)
                .put("kubernetesJob", subject.jobName().isEmpty() ? null : kubernetesJob())
                .put("settings", settings);
    }

    private JsonObject jobManager() {
        Registration registration = state.gate().registration();
        return new JsonObject()
                .put("registered", registration == null ? null : registration.jm())
                .put("flink", registration == null ? null : registration.flink())
                .put("served", state.gate().served())
                .put("gateRemainingMillis", gateRemaining.toMillis());
    }

    private JsonObject kubernetesJob() {
        JobView seen = state.job().seen();
        RestartPolicy restart = subject.restart();
        return new JsonObject()
                .put("name", subject.jobName())
                .put("suspended", seen == null ? null : seen.suspended())
                .put("failed", seen == null ? null : seen.failed())
                .put("backoffLimit", seen == null ? null : seen.backoffLimit())
                .put("signal", signal(state.job().signal()))
                .put(
                        "budget",
                        new JsonObject()
                                .put("failures", agent.failures())
                                .put("maxFailures", restart.maxFailures())
                                .put("windowSeconds", restart.window().toSeconds()));
    }

    private static @Nullable String signal(@Nullable Signal due) {
        return switch (due) {
            case null -> null;
            case Signal.FailJob fail -> "FAIL_JOB";
            case Signal.Park park -> "PARK";
            case Signal.GiveUp giveUp -> "GIVE_UP";
        };
    }
}
