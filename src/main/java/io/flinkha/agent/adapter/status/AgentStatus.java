package io.flinkha.agent.adapter.status;

import io.flinkha.agent.adapter.status.ApplicationStatus.KubernetesJob;
import io.flinkha.agent.core.Phase;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.WitnessState;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.restart.Refusal;
import io.flinkha.agent.core.restart.RestartPolicy;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.port.AgentView;
import io.flinkha.agent.sentences.Sentences;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The application's status as its agent knows it, and the agent's own, as {@code
 * src/main/resources/openapi/status.yaml} describes them: unknown is null.
 */
final class AgentStatus {
    private final StatusPage.Identity identity;
    private final AgentView agent;
    private final State state;
    private final Duration idle;
    private final Duration gateRemaining;
    private final ApplicationStatus application;
    private final StatusJson json;

    AgentStatus(StatusPage.Identity identity, AgentView agent, Instant now) {
        this.identity = identity;
        this.agent = agent;
        this.state = agent.state();
        this.idle = agent.idle();
        this.gateRemaining = agent.gateRemaining();
        this.application = application(identity, state, now);
        this.json = new StatusJson(application);
    }

    private static ApplicationStatus application(
            StatusPage.Identity identity, State state, Instant now) {
        LeaseRecord lease = state.lease().record();
        long epoch = Math.max(state.lease().epoch(), lease == null ? 0 : lease.epoch());
        return new ApplicationStatus(
                identity.clusterId(),
                identity.namespace(),
                lease,
                Objects.requireNonNullElse(state.manifest().committed(), Manifest.EMPTY),
                epoch == 0 ? null : epoch,
                null,
                identity.jobName().isEmpty()
                        ? null
                        : new KubernetesJob(identity.jobName(), state.job().seen()),
                now);
    }

    boolean leads() {
        return state.phase() == Phase.LEADING && gateRemaining.isPositive();
    }

    JsonObject leader() {
        return json.leader(new JsonObject().put("leads", leads()));
    }

    JsonObject status(JsonArray settings) {
        JsonObject status =
                new JsonObject()
                        .put("clusterId", application.clusterId())
                        .put("namespace", application.namespace())
                        .put("pod", identity.pod())
                        .put(
                                "agent",
                                new JsonObject()
                                        .put("phase", state.phase().name())
                                        .put("gateOpen", gateRemaining.isPositive())
                                        .put("warmStandby", agent.warmStandby())
                                        .put("refusal", refusal())
                                        .put("idleMillis", idle.toMillis()))
                        .put("failsafe", failsafe())
                        .put("leadership", json.withReason(leader()))
                        .put("wishes", json.wishes())
                        .put("jobManager", jobManager());
        KubernetesJob job = application.kubernetesJob();
        return json.manifest(status)
                .put("kubernetesJob", job == null ? null : kubernetesJob(job))
                .put("settings", settings);
    }

    private @Nullable String refusal() {
        Refusal refusal = state.refusal();
        return refusal == null ? null : Sentences.of(refusal);
    }

    private JsonObject failsafe() {
        WitnessState witness = state.witness();
        return new JsonObject()
                .put("ready", witness.isReady())
                .put("since", ApplicationStatus.time(witness.heldSince()))
                .put("lastCommit", ApplicationStatus.time(witness.committedAt()));
    }

    private JsonObject jobManager() {
        Registration registration = state.gate().registration();
        return new JsonObject()
                .put("registered", registration == null ? null : registration.jm())
                .put("flink", registration == null ? null : registration.flink())
                .put("served", state.gate().served())
                .put("gateRemainingMillis", gateRemaining.toMillis());
    }

    private JsonObject kubernetesJob(KubernetesJob job) {
        RestartPolicy restart = identity.restart();
        return StatusJson.ofJob(job)
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
