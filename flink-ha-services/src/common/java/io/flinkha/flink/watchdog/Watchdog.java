package io.flinkha.flink.watchdog;

import io.flinkha.flink.agent.Watched;
import io.flinkha.flink.jvm.DaemonThreads;
import io.flinkha.flink.leader.LeaderAddresses;
import io.flinkha.flink.process.Gate;
import io.flinkha.flink.process.GrantedRun;
import io.flinkha.flink.process.Run;
import io.flinkha.flink.rest.RestEndpoint;
import io.flinkha.flink.savepoint.CheckpointsView;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Looks at main threads and progress, from the grant on to the job's end. */
public final class Watchdog {
    private final Gate gate;
    private final GrantedRun granted;
    private final LeaderAddresses addresses;
    private final MainThreads mainThreads;
    private final Progress progress;

    public Watchdog(
            Gate gate,
            GrantedRun granted,
            LeaderAddresses addresses,
            RestEndpoint rest,
            CheckpointsView checkpoints,
            LongSupplier nanos) {
        this.gate = gate;
        this.granted = granted;
        this.addresses = addresses;
        this.mainThreads = new MainThreads(rest, nanos);
        this.progress = new Progress(rest, checkpoints);
    }

    public void start() {
        DaemonThreads.start("flink-ha-main-threads", this::watch);
    }

    private void watch() {
        try {
            while (!gate.awaitClosed(TimeUnit.NANOSECONDS.toMillis(mainThreads.pauseNanos()))) {
                var unused = look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Completes once there is an answer of the main threads, or none is waited for. */
    CompletableFuture<?> look() {
        Run run = granted.orNull();
        // Asked for a job that it does not have, Flink logs an error each time.
        if (run == null || run.ending().isDone() || !addresses.hasJobMaster(run.jobId())) {
            mainThreads.forget();
            return CompletableFuture.completedFuture(null);
        }
        boolean answer = mainThreads.answer();
        CompletableFuture<?> asked = mainThreads.look(run);
        if (answer) {
            // It waits for the very threads that may hang.
            progress.look(run);
        }
        return asked;
    }

    /** For the next poll of the gate; waits for nothing. */
    public Watched watched() {
        Run run = granted.orNull();
        if (run == null) {
            return Watched.NOTHING;
        }
        return run.ending().isDone()
                ? new Watched(Optional.empty(), OptionalLong.of(0))
                : new Watched(mainThreads.hung(), progress.millis());
    }
}
