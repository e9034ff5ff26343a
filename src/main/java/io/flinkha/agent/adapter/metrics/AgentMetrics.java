package io.flinkha.agent.adapter.metrics;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.Manifest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The agent's metrics, prefix {@code flink_ha_agent_}, and the name that leader election has
 * everywhere, {@code leader_election_master_status}.
 */
public final class AgentMetrics {
    private static final String PREFIX = "flink.ha.agent.";

    private final MeterRegistry registry;
    private final AtomicLong epoch = new AtomicLong();
    private final AtomicLong leads = new AtomicLong();
    private final AtomicLong lastRenewMillis = new AtomicLong();
    private final AtomicLong checkpointId = new AtomicLong();
    private final AtomicLong checkpointMillis = new AtomicLong();

    public AgentMetrics(MeterRegistry registry, String clusterId) {
        this.registry = registry;
        registry.gauge(
                "leader.election.master.status",
                List.of(io.micrometer.core.instrument.Tag.of("name", clusterId)),
                leads);
        registry.gauge(PREFIX + "epoch", epoch);
        registry.gauge(
                PREFIX + "lease.last.renew.timestamp.seconds",
                lastRenewMillis,
                millis -> millis.get() / 1e3);
        registry.gauge(PREFIX + "pointer.checkpoint.id", checkpointId);
        registry.gauge(
                PREFIX + "pointer.timestamp.seconds",
                checkpointMillis,
                millis -> millis.get() / 1e3);
    }

    public void stepped(State before, Event event, Transition transition) {
        State after = transition.state();
        epoch.set(after.election().epoch());
        leads.set(after.gateOpen() ? 1 : 0);
        Manifest committed = after.book().committed();
        if (committed != null && !committed.checkpoints().isEmpty()) {
            Checkpoint last = committed.checkpoints().getLast();
            checkpointId.set(last.id());
            checkpointMillis.set(last.completedAt());
        }
        if (after.election().epoch() > before.election().epoch()) {
            counter("leader.transitions").increment();
        }
        countEvent(event);
        for (Action action : transition.actions()) {
            if (action instanceof Action.WriteManifest) {
                counter("manifest.writes").increment();
            } else if (action instanceof Action.SignalJob) {
                counter("job.signals").increment();
            }
        }
    }

    private void countEvent(Event event) {
        switch (event) {
            case Event.LeaseWritten written -> {
                lastRenewMillis.set(System.currentTimeMillis());
                api("lease", "ok");
            }
            case Event.LeaseFailed failed -> api("lease", name(failed.outcome()));
            case Event.ManifestWritten written -> api("manifest", "ok");
            case Event.ManifestFailed failed -> api("manifest", name(failed.outcome()));
            case Event.Published published -> api("publication", "ok");
            case Event.PublishFailed failed -> api("publication", name(failed.outcome()));
            default -> {}
        }
    }

    /** One request to the storage: {@code ok}, or the kind of its failure. */
    public void storageAsked(String verb, String result, long nanos) {
        registry.timer(PREFIX + "storage.request.duration", "verb", verb, "result", result)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A copy of the manifest was written to the storage, or could not be. */
    public void mirrored(boolean done) {
        registry.counter(PREFIX + "mirror.writes", "result", done ? "ok" : "failed").increment();
    }

    private void api(String object, String result) {
        registry.counter(PREFIX + "api.writes", "object", object, "result", result).increment();
    }

    private static String name(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    private Counter counter(String name) {
        return registry.counter(PREFIX + name);
    }
}
