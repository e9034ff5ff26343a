package io.flinkha.agent.adapter.metrics;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Fact;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.Phase;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Restorable;
import io.flinkha.agent.core.restart.EndCause;
import io.flinkha.agent.core.restart.ExitCode;
import io.flinkha.agent.core.restart.KillCause;
import io.flinkha.agent.core.restart.Start;
import io.flinkha.agent.port.AgentView;
import io.flinkha.agent.port.Takeover;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * The agent's metrics, prefix {@code flink_ha_agent_}, and the name that leader election has
 * everywhere, {@code leader_election_master_status}. Counters are there from the start: what counts
 * from nothing to one is no increase to Prometheus. docs/METRICS.md is written from here.
 */
public final class AgentMetrics {
    private static final String PREFIX = "flink.ha.agent.";
    private static final String OK = "ok";
    private static final Duration[] TAKEOVER_BUCKETS =
            LongStream.of(100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000)
                    .mapToObj(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Counter transitions;
    private final Counter handOvers;
    private final Counter manifestWrites;
    private final Counter failsafeCommits;
    private final Counter healed;
    private final Counter unverified;
    private final Counter jobSignals;

    private volatile State state = State.initial();
    private volatile long lastRenewMillis;
    private volatile long lastSeenMillis = System.currentTimeMillis();

    /**
     * @param maxFailures ends of the JobManager that the Job has in its budget
     */
    public AgentMetrics(
            MeterRegistry registry,
            String clusterId,
            String version,
            AgentView agent,
            int maxFailures) {
        this.registry = registry;
        Gauge.builder(
                        "leader.election.master.status",
                        agent,
                        view -> view.gateRemaining().isPositive() ? 1 : 0)
                .tag("name", clusterId)
                .description("1 while this pod leads: its JobManager may run")
                .register(registry);
        gauge("build.info", "1; the agent's version", m -> 1, Tags.of("version", version));
        for (Phase phase : Phase.values()) {
            gauge(
                    "phase",
                    "1 for the phase that the agent is in, 0 for the others",
                    m -> m.state.phase() == phase ? 1 : 0,
                    Tags.of("phase", phase.name().toLowerCase(Locale.ROOT)));
        }
        gauge(
                "epoch",
                "The leadership's number, 0 before",
                m -> m.state.lease().epoch(),
                Tags.of("name", clusterId));
        ofLeadership();
        ofJob();
        gauge(
                "restart.failures",
                "Ends of the JobManager's process that count against flink-ha.restart.max-failures",
                m -> agent.failures());
        gauge(
                "restart.failures.max",
                "flink-ha.restart.max-failures: with so many the Job is failed",
                m -> maxFailures);
        transitions = counter("leader.transitions", "Epochs that this agent process began");
        handOvers =
                counter("leader.handovers", "Leases that were released for a pod that stands by");
        manifestWrites = counter("manifest.writes", "Writes of the manifest that were sent");
        failsafeCommits =
                counter("failsafe.commits", "Commits that the storage took for the API server");
        healed =
                counter(
                        "manifest.healed",
                        "Manifests in the API server that went on from a copy which was ahead of them");
        unverified =
                counter(
                        "copies.unverified",
                        "Objects that were called like a newer copy of the manifest and did not verify");
        jobSignals = counter("job.signals", "Patches that tell the Kubernetes Job something");
        List.of("manifest", "publication").forEach(object -> api(object, OK));
        renewals(OK);
        for (Outcome outcome : Outcome.values()) {
            renewals(name(outcome));
            List.of("manifest", "publication").forEach(object -> api(object, name(outcome)));
        }
        mirrorWrites(true);
        mirrorWrites(false);
        for (EndCause cause : EndCause.values()) {
            ends(cause);
        }
        for (KillCause cause : KillCause.values()) {
            kills(cause);
        }
        for (Takeover.Step step : Takeover.Step.values()) {
            takeover(step);
        }
    }

    private void ofLeadership() {
        seconds(
                "lease.last.renew.timestamp",
                "When the Lease was last renewed, seconds since 1970; 0 before",
                m -> m.lastRenewMillis / 1e3);
        seconds(
                "api.last.seen.timestamp",
                "When the API server last did what this agent asked for, seconds since 1970; the agent's start before",
                m -> m.lastSeenMillis / 1e3);
        gauge(
                "paused",
                "1 while a person has switched automation off",
                m -> m.state.wishes().isPaused() ? 1 : 0);
        gauge(
                "standby",
                "1 while this pod's JobManager is started and waits for another pod's Lease",
                m -> m.state.standsBy() ? 1 : 0);
        gauge(
                "standby.named",
                "1 while the Lease names a pod that stands by",
                m -> {
                    LeaseRecord lease = m.state.lease().record();
                    return lease == null || lease.standby().isEmpty() ? 0 : 1;
                });
        gauge(
                "failsafe",
                "1 while the Lease cannot be renewed and the storage keeps the gate open",
                m -> m.state.witness().heldSince() > 0 ? 1 : 0);
        seconds(
                "failsafe.last.commit.timestamp",
                "When the storage last took a commit that the API server could not, seconds since 1970; 0 before",
                m -> m.state.witness().committedAt() / 1e3);
        gauge(
                "start.refused",
                "1 while the JobManager's start is refused until a person decides",
                m -> isRefused(m.state) ? 1 : 0);
    }

    private void ofJob() {
        gauge(
                "pointer.checkpoint.id",
                "Id of the newest checkpoint in the manifest, 0 for none",
                m -> {
                    Checkpoint last = m.state.manifest().lastCheckpoint();
                    return last == null ? 0 : last.id();
                });
        seconds(
                "pointer.timestamp",
                "When the newest state that a start could go on from was completed, seconds since 1970; 0 for none",
                m -> {
                    Manifest committed = m.state.manifest().committed();
                    Restorable newest = committed == null ? null : committed.newest();
                    return newest == null ? 0 : newest.completedAt() / 1e3;
                });
        Gauge.builder(PREFIX + "jobgraph.snapshot", this, m -> planBytes(m.state))
                .baseUnit("bytes")
                .description("Size of the stored plan, 0 for none")
                .register(registry);
        gauge(
                "stalled",
                "1 while no checkpoint completes for longer than the job's own settings explain",
                m -> m.state.process().isStalled() ? 1 : 0);
        gauge(
                "job.failed",
                "1 once the Flink job has failed for good",
                m -> {
                    Manifest committed = m.state.manifest().committed();
                    JobResult result = committed == null ? null : committed.result();
                    return result != null && result.status() == JobResult.Status.FAILED ? 1 : 0;
                });
    }

    private void gauge(String name, String description, ToDoubleFunction<AgentMetrics> value) {
        gauge(name, description, value, Tags.empty());
    }

    private void gauge(
            String name, String description, ToDoubleFunction<AgentMetrics> value, Tags tags) {
        Gauge.builder(PREFIX + name, this, value)
                .tags(tags)
                .description(description)
                .register(registry);
    }

    private void seconds(String name, String description, ToDoubleFunction<AgentMetrics> value) {
        Gauge.builder(PREFIX + name, this, value)
                .baseUnit("seconds")
                .description(description)
                .register(registry);
    }

    private static long planBytes(State state) {
        Manifest committed = state.manifest().committed();
        return committed == null || committed.plan() == null ? 0 : committed.plan().bytes();
    }

    private static boolean isRefused(State state) {
        return state.refusal() != null
                || (state.gate().start() instanceof Start.Halt halt
                        && halt.code() == ExitCode.REFUSED);
    }

    public void stepped(Event event, Transition transition) {
        state = transition.state();
        countEvent(event);
        for (Fact fact : transition.facts()) {
            if (fact instanceof Fact.EpochBegan) {
                transitions.increment();
            } else if (fact instanceof Fact.HandedOver) {
                handOvers.increment();
            } else if (fact instanceof Fact.JobSignalled) {
                jobSignals.increment();
            } else if (fact instanceof Fact.CommittedByStorage) {
                failsafeCommits.increment();
            } else if (fact instanceof Fact.ManifestHealed) {
                healed.increment();
            } else if (fact instanceof Fact.CopiesUnverified found) {
                unverified.increment(found.names().size());
            } else if (fact instanceof Fact.EndRecorded ended) {
                ends(ended.cause()).increment();
            } else if (fact instanceof Fact.Condemned condemned) {
                kills(condemned.cause()).increment();
            }
        }
        for (Action action : transition.actions()) {
            if (action instanceof Action.WriteManifest) {
                manifestWrites.increment();
            }
        }
    }

    private void countEvent(Event event) {
        switch (event) {
            case Event.LeaseRead read -> seen();
            case Event.LeaseWritten written -> {
                seen();
                lastRenewMillis = lastSeenMillis;
                renewals(OK).increment();
            }
            case Event.LeaseFailed failed -> renewals(name(failed.outcome())).increment();
            case Event.ManifestRead read -> seen();
            case Event.ManifestWritten written -> {
                seen();
                api("manifest", OK).increment();
            }
            case Event.ManifestFailed failed -> api("manifest", name(failed.outcome())).increment();
            case Event.Published published -> api("publication", OK).increment();
            case Event.PublishFailed failed ->
                    api("publication", name(failed.outcome())).increment();
            default -> {}
        }
    }

    private void seen() {
        lastSeenMillis = System.currentTimeMillis();
    }

    /** One request to the storage: {@code ok}, or the kind of its failure. */
    public void storageAsked(String verb, String result, long nanos) {
        Timer.builder(PREFIX + "storage.request.duration")
                .description("Requests to the storage, by verb and result: ok, or how it failed")
                .tags("verb", verb, "result", result)
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A step of a takeover, so long after the end of the process before. */
    public void takeoverReached(Takeover.Step step, long nanos) {
        takeover(step).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer takeover(Takeover.Step step) {
        return Timer.builder(PREFIX + "takeover")
                .description(
                        "From the end of the JobManager's process, or where none ended in this pod from the beginning of the epoch, to each step of a takeover")
                .tag("step", step.name().toLowerCase(Locale.ROOT))
                .serviceLevelObjectives(TAKEOVER_BUCKETS)
                .register(registry);
    }

    /** A copy of the manifest was written to the storage, or could not be. */
    public void mirrored(boolean done) {
        mirrorWrites(done).increment();
    }

    private Counter mirrorWrites(boolean done) {
        return counter(
                "mirror.writes",
                "Copies of the manifest to the storage",
                "result",
                done ? OK : "failed");
    }

    private Counter renewals(String result) {
        return counter(
                "lease.renewals",
                "Writes of the Lease that were done (ok), and calls for it that failed, by how",
                "result",
                result);
    }

    private Counter api(String object, String result) {
        return counter(
                "api.writes",
                "Writes of the manifest and of the leader ConfigMap that were done (ok), and calls for them that failed, by how",
                "object",
                object,
                "result",
                result);
    }

    private Counter ends(EndCause cause) {
        return counter(
                "jobmanager.ends",
                "Ends of the JobManager's process, by what it was",
                "cause",
                cause.name().toLowerCase(Locale.ROOT));
    }

    private Counter kills(KillCause cause) {
        return counter(
                "watchdog.kills",
                "JobManagers that lived and were to be killed, by why",
                "cause",
                cause.name().toLowerCase(Locale.ROOT));
    }

    private Counter counter(String name, String description, String... tags) {
        return Counter.builder(PREFIX + name)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private static String name(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
