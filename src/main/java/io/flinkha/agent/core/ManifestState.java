package io.flinkha.agent.core;

import io.flinkha.agent.core.lease.StockWatch;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The manifest, as it is and as it should be. */
public final class ManifestState extends Slot {
    /** As last seen in the API server, or, where that is owed something, in the storage. */
    @Nullable Manifest committed;

    /** Its resourceVersion, null if there is none. */
    @Nullable String version;

    /** No call below it was sent after this holder of the Lease learned of {@code version}. */
    long learnedBefore;

    /** What it should say. */
    @Nullable Manifest wanted;

    /** The write in flight, or the last one whose outcome is unknown. */
    @Nullable Manifest attempted;

    /** The epoch whose claim was seen committed. */
    long claimed;

    /** Of the leader ConfigMap when the manifest was read. */
    long publishedEpoch;

    /** Whether Flink's own HA left leader addresses in it. */
    boolean stockAddresses;

    /** Lock of a stock JobManager there, null if there is none. */
    @Nullable StockWatch stock;

    /** Counts the edits of {@code wanted}. */
    long wantedEdit;

    /** How many of them the write in flight has. */
    long attemptedEdit;

    /** How many of them are committed. */
    long committedEdit;

    /** The storage has a later one than the API server, which is still to be told. */
    boolean owed;

    /** The read in flight is a standby's, which decides nothing by it. */
    boolean ahead;

    /** Nanos of a standby's next one. */
    long aheadAt;

    /** Requests to answer once their change is committed. */
    List<Waiter> waiters = List.of();

    public @Nullable Manifest committed() {
        return committed;
    }

    public @Nullable Checkpoint lastCheckpoint() {
        return committed == null ? null : committed.lastCheckpoint();
    }

    public long claimed() {
        return claimed;
    }

    /** Wants another content, which is one edit more unless it is the same. */
    void want(Manifest content) {
        if (!content.equals(wanted)) {
            wanted = content;
            wantedEdit++;
        }
    }

    void add(Waiter waiter) {
        List<Waiter> more = new ArrayList<>(waiters);
        more.add(waiter);
        waiters = List.copyOf(more);
    }

    @Override
    public String toString() {
        return text(
                "committed=" + committed,
                "version=" + version,
                "learnedBefore=" + learnedBefore,
                "wanted=" + wanted,
                "attempted=" + attempted,
                "claimed=" + claimed,
                "publishedEpoch=" + publishedEpoch,
                "stockAddresses=" + stockAddresses,
                "stock=" + stock,
                "wantedEdit=" + wantedEdit,
                "attemptedEdit=" + attemptedEdit,
                "committedEdit=" + committedEdit,
                "owed=" + owed,
                "ahead=" + ahead,
                "aheadAt=" + aheadAt,
                "waiters=" + waiters);
    }
}
