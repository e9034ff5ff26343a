package io.flinkha.agent.core.restart;

import io.flinkha.agent.core.manifest.JobResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a JobManager is not let in, with what a person has to know of it. The sentences, which name
 * commands and settings, are told outside of the core.
 */
public sealed interface Refusal {

    /** For now this agent does not even contend. */
    sealed interface ToContend extends Refusal {}

    /** There is an object, but it is no manifest. */
    record ManifestUnreadable(String reason) implements ToContend {}

    /** In a format that this agent does not know. */
    record ManifestOfNewerAgent(String reason) implements ToContend {}

    /** Another witness knows of a later epoch than the manifest: it was lost or rolled back. */
    record ManifestLost(long manifestEpoch, long claimedEpoch) implements ToContend {}

    /** A JobManager with Flink's own HA renews its lock on the leader ConfigMap. */
    record StockHaLeads(String lock) implements ToContend {}

    /** The manifest is empty, and the storage has a copy of one. */
    record CopyOfLostManifest(String name) implements Refusal {}

    /** Nothing is stored, and Flink's own HA has run this cluster-id. */
    record StockHaHasRun() implements Refusal {}

    /** The run before finished; nobody saw whether it was stopped with a savepoint. */
    record SavepointUnknown(String jobId) implements Refusal {}

    /** By strategy a savepoint is wanted, and there is only a newer state of another kind. */
    record NoSavepointKnown(String newestPath) implements Refusal {}

    /**
     * The state to start from is older than allowed.
     *
     * @param age null if it is not known
     */
    record StateTooOld(String path, @Nullable Duration age, Duration limit) implements Refusal {}

    /**
     * The job is over.
     *
     * @param sameRevision in this very revision; else in this Kubernetes Job
     * @param parked whether the Job is parked, and may be resumed
     */
    record JobIsOver(String jobId, JobResult.Status status, boolean sameRevision, boolean parked)
            implements Refusal {}

    /** The gate is closed; why, is a sentence for log and Event as well. */
    record GateClosed(String reason) implements Refusal {}
}
