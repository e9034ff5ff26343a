package io.flinkha.flink.savepoint;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.agent.AgentRefusal;
import io.flinkha.flink.agent.GateClosedException;
import io.flinkha.flink.jvm.DaemonThreads;
import io.flinkha.flink.process.Gate;
import io.flinkha.flink.process.GrantedRun;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.MissingNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the agent of completed savepoints, which never pass Flink's checkpoint store (R3).
 *
 * <p>They take an id like any checkpoint, though. An id that is not soon recorded as a checkpoint
 * may be a savepoint's: only then the REST endpoint is asked, so a job whose checkpoints are quick
 * and that nobody takes a savepoint of costs no call at all.
 */
public final class SavepointWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SavepointWatch.class);

    /** From when on an id is looked for, and then how often. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Some ids are never seen again: those of checkpoints that were not even triggered. */
    static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final long LAST_PAUSE_MILLIS = 500;

    private final Agent agent;
    private final Gate gate;
    private final CheckpointsView rest;
    private final GrantedRun granted;
    private final LongSupplier nanos;

    /** Ids that may be a savepoint's, with the moment they were last known to be under way. */
    private final Map<Long, Long> pending = new TreeMap<>();

    private boolean started;
    private boolean complained;

    public SavepointWatch(
            Agent agent, Gate gate, CheckpointsView rest, GrantedRun granted, LongSupplier nanos) {
        this.agent = agent;
        this.gate = gate;
        this.rest = rest;
        this.granted = granted;
        this.nanos = nanos;
    }

    public synchronized void start() {
        if (!started) {
            started = true;
            DaemonThreads.start("flink-ha-savepoints", this::watch);
        }
    }

    /** The id of a checkpoint or a savepoint that Flink is about to trigger. */
    public synchronized void handedOut(long id) {
        pending.put(id, nanos.getAsLong());
    }

    /** The id was a checkpoint's. */
    public synchronized void recorded(long id) {
        pending.remove(id);
    }

    private void watch() {
        try {
            while (!gate.awaitClosed(TimeUnit.NANOSECONDS.toMillis(PATIENCE_NANOS))) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (GateClosedException e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    /** Looks for the ids that have been pending for long enough, if there are any. */
    void look() throws GateClosedException {
        look(PATIENCE_NANOS);
    }

    /**
     * The job has ended: what is not seen now will not be.
     *
     * @param stale for so long the endpoint may show what it was asked for before
     */
    public void lookAtLast(Duration stale) {
        long started = nanos.getAsLong();
        try {
            boolean current;
            do {
                current = nanos.getAsLong() - started >= stale.toNanos();
                look(0);
            } while (!current
                    && !due(nanos.getAsLong()).isEmpty()
                    && !gate.awaitClosed(LAST_PAUSE_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (GateClosedException e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    private void look(long patience) throws GateClosedException {
        long now = nanos.getAsLong();
        List<Long> due = due(now - patience);
        if (due.isEmpty()) {
            return;
        }
        JsonNode checkpoints;
        try {
            checkpoints = rest.checkpoints(granted.get());
            complained = false;
        } catch (IOException e) {
            if (!complained) {
                complained = true;
                LOG.warn("Savepoints are not seen, and so not recorded ({}).", e.toString());
            }
            return;
        }
        for (long id : due) {
            settle(id, entry(checkpoints, id), now);
        }
    }

    private synchronized List<Long> due(long until) {
        List<Long> due = new ArrayList<>();
        pending.forEach((id, since) -> {
            if (until - since >= 0) {
                due.add(id);
            }
        });
        return due;
    }

    private static JsonNode entry(JsonNode checkpoints, long id) {
        for (JsonNode entry : checkpoints.path("history")) {
            if (entry.path("id").asLong(-1) == id) {
                return entry;
            }
        }
        // The history is short; a savepoint may be followed by more checkpoints than it holds.
        JsonNode savepoint = checkpoints.path("latest").path("savepoint");
        return savepoint.path("id").asLong(-1) == id ? savepoint : MissingNode.getInstance();
    }

    private void settle(long id, JsonNode entry, long now) throws GateClosedException {
        switch (entry.path("status").asText("")) {
            case "IN_PROGRESS":
                synchronized (this) {
                    pending.replace(id, now);
                }
                return;
            case "COMPLETED":
                tell(entry);
                recorded(id);
                return;
            case "FAILED":
                recorded(id);
                return;
            default:
                synchronized (this) {
                    pending.computeIfPresent(
                            id, (same, since) -> now - since >= LOST_NANOS ? null : since);
                }
        }
    }

    /** The one that a job is stopped with is told with the job's result. */
    private void tell(JsonNode entry) throws GateClosedException {
        String path = entry.path("external_path").asText("");
        if (!entry.path("checkpoint_type").asText("").equals("SAVEPOINT") || path.isEmpty()) {
            return;
        }
        try {
            agent.addSavepoint(
                    granted.get().grant(), path, entry.path("latest_ack_timestamp").asLong());
            LOG.info("Savepoint {} is recorded.", path);
        } catch (AgentRefusal e) {
            LOG.error("Savepoint {} is not recorded.", path, e);
        }
    }
}
