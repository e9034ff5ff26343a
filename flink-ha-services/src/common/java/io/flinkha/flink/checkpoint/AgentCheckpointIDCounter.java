package io.flinkha.flink.checkpoint;

import io.flinkha.flink.agent.Agent;
import io.flinkha.flink.cleanup.Sweep;
import io.flinkha.flink.process.Run;
import io.flinkha.flink.savepoint.SavepointWatch;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.checkpoint.CheckpointIDCounter;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoint ids out of blocks that the manifest reserves; they only rise within a cluster-id
 * (R12).
 *
 * <p>An id that comes again names the directory of a checkpoint that TaskManagers may still write.
 * The next block is fetched when half of one is used, so that an agent that is away for a while
 * keeps no checkpoint from being triggered.
 */
public final class AgentCheckpointIDCounter implements CheckpointIDCounter {
    static final int BLOCK = 64;

    /** The agent reserves no more at a time. */
    static final long LARGEST_BLOCK = 10_000;

    private final Agent agent;
    private final Run run;
    private final SavepointWatch savepoints;
    private final Sweep sweep;
    private final Object lock = new Object();

    /** The next id to give out. */
    private long next;

    /** All ids below it are spent or this process's; blocks are reserved without gaps. */
    private long end;

    private @Nullable CompletableFuture<Long> ahead;

    public AgentCheckpointIDCounter(Agent agent, Run run, SavepointWatch savepoints, Sweep sweep) {
        this.agent = agent;
        this.run = run;
        this.savepoints = savepoints;
        this.sweep = sweep;
        this.next = Math.max(INITIAL_CHECKPOINT_ID, run.start().reservedTo());
        this.end = run.start().reservedTo();
    }

    @Override
    public void start() {
        synchronized (lock) {
            var unused = fetchAhead();
        }
    }

    /** The truth lies in the manifest: nothing to say, and nobody to wait for, at the end. */
    @Override
    public CompletableFuture<Void> shutdown(JobStatus jobStatus) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public long getAndIncrement() throws Exception {
        sweep.awaitListing();
        while (true) {
            CompletableFuture<Long> block;
            synchronized (lock) {
                block = fetchAhead();
                if (next < end) {
                    savepoints.handedOut(next);
                    return next++;
                }
            }
            take(block);
        }
    }

    /** Starts reserving when half a block or less is left, unless that is under way. */
    private CompletableFuture<Long> fetchAhead() {
        CompletableFuture<Long> block = ahead;
        if (block == null) {
            long wanted = next + BLOCK / 2 + 1;
            if (end >= wanted) {
                return CompletableFuture.completedFuture(end);
            }
            long count = Math.max(BLOCK, Math.min(LARGEST_BLOCK, wanted - end));
            block = agent.reserveCheckpointIds(run.grant(), end, count);
            ahead = block;
        }
        return block;
    }

    @SuppressWarnings("ReferenceEquality") // the very future that was waited for
    private void take(CompletableFuture<Long> block) throws Exception {
        long to = 0;
        try {
            to = block.get();
        } finally {
            synchronized (lock) {
                if (ahead == block) {
                    // Also after a failure: the next caller has to be able to ask again.
                    ahead = null;
                    end = Math.max(end, to);
                }
            }
        }
    }

    @Override
    public long get() {
        synchronized (lock) {
            return next;
        }
    }

    /** Flink sets it to the restored checkpoint's id plus one, which may be long spent. */
    @Override
    public void setCount(long newId) {
        synchronized (lock) {
            next = Math.max(next, newId);
            var unused = fetchAhead();
        }
    }
}
