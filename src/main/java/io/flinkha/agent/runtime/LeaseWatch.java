package io.flinkha.agent.runtime;

import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.port.LeaseStore;
import io.flinkha.agent.port.Result;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Has the Lease looked at as soon as it has another holder. Without it a pod that stands by finds
 * out with its next look, as it does while the watch is away.
 */
public final class LeaseWatch {
    private static final Logger LOG = Logger.getLogger(LeaseWatch.class);
    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(10);

    private final LeaseStore leases;
    private final Runnable changed;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> {
                Thread watch = new Thread(task, "flink-ha-lease-watch");
                watch.setDaemon(true);
                return watch;
            });
    private boolean failing;

    /**
     * One that has not begun.
     *
     * @param changed must not block
     */
    public LeaseWatch(LeaseStore leases, Runnable changed) {
        this.leases = leases;
        this.changed = changed;
    }

    public void start() {
        thread.execute(this::follow);
    }

    private void follow() {
        Result<Optional<LeaseRecord>> ended = leases.follow(changed);
        boolean failed = ended instanceof Result.Failed;
        if (ended instanceof Result.Failed<?> failure && !failing) {
            LOG.warnf(
                    "The Lease cannot be watched: %s (%s). It is looked at from time to time instead.",
                    failure.outcome(), failure.reason());
        }
        failing = failed;
        var unused =
                thread.schedule(
                        this::follow,
                        failed ? AFTER_A_FAILURE.toMillis() : 0,
                        TimeUnit.MILLISECONDS);
    }
}
