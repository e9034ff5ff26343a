package io.flinkha.flink.savepoint;

import io.flinkha.flink.process.Gate;
import io.flinkha.flink.process.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The savepoint that a finished job was stopped with. It never passes Flink's checkpoint store, and
 * its side effects are committed: who started from the checkpoint before it would commit them twice
 * (R3).
 */
public final class FinalSavepoint {
    /** Recorded where nobody could tell; the next revision does not start by itself then. */
    static final String UNKNOWN = "unknown";

    private static final Logger LOG = LoggerFactory.getLogger(FinalSavepoint.class);
    private static final long PAUSE_MILLIS = 100;
    private static final Duration SLACK = Duration.ofMillis(300);

    private final CheckpointsView rest;
    private final Gate gate;
    private final Duration stale;
    private final Duration patience;

    /**
     * @param stale for so long the endpoint may show what was before
     * @param patience how long an endpoint is asked that does not say
     */
    public FinalSavepoint(CheckpointsView rest, Gate gate, Duration stale, Duration patience) {
        this.rest = rest;
        this.gate = gate;
        this.stale = stale;
        this.patience = patience;
    }

    /**
     * Up to 2.0 Flink shuts its endpoint down while the result is being recorded, up to 2 s after
     * the job's end: an answer from a cache could not be asked for again.
     */
    public static void askUncached(Configuration configuration) {
        if (configuration.getOptional(RestOptions.CACHE_CHECKPOINT_STATISTICS_TIMEOUT).isEmpty()) {
            configuration.set(RestOptions.CACHE_CHECKPOINT_STATISTICS_TIMEOUT, Duration.ZERO);
        }
    }

    /** For so long an endpoint with that configuration may show what was before. */
    public static Duration stale(Configuration configuration) {
        Duration cached = configuration.get(RestOptions.CACHE_CHECKPOINT_STATISTICS_TIMEOUT);
        return cached.isZero() ? cached : cached.plus(SLACK);
    }

    /** For so long the endpoint may show what was before. */
    public Duration stale() {
        return stale;
    }

    /** Its path, nothing if there is none, or {@link #UNKNOWN}. Takes its time. */
    public String of(Run run) {
        long started = System.nanoTime();
        long deadline = started + stale.plus(patience).toNanos();
        String why = "";
        do {
            boolean current = System.nanoTime() - started >= stale.toNanos();
            try {
                Optional<String> path = rest.stoppedWith(run);
                if (path.isPresent()) {
                    LOG.info("Job {} was stopped with savepoint {}.", run.jobId(), path.get());
                    return path.get();
                }
                if (current) {
                    return "";
                }
            } catch (IOException e) {
                why = e.toString();
            }
        } while (System.nanoTime() < deadline && pause());
        LOG.error(
                "Whether job {} was stopped with a savepoint cannot be seen ({}): the next revision"
                        + " will not start until somebody says what from.",
                run.jobId(),
                why);
        return UNKNOWN;
    }

    private boolean pause() {
        try {
            gate.awaitClosed(PAUSE_MILLIS);
            return !gate.isClosed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
