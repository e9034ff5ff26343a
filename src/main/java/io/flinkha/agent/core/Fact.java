package io.flinkha.agent.core;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.restart.EndCause;
import io.flinkha.agent.core.restart.KillCause;
import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.Refusal;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.core.restart.Start;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a step came to that somebody outside tells, counts or acts on. */
public sealed interface Fact {

    /** The phase is another one, or the epoch. */
    record Moved(Phase from, Phase to, long epoch, @Nullable Verdict verdict) implements Fact {}

    /** The lock is no longer held by the process that was served. */
    record ProcessEnded(String jm) implements Fact {}

    record Registered(Registration registration) implements Fact {}

    /** The supervisor wrote down one more end. */
    record EndRecorded(ProcessEnd end, EndCause cause) implements Fact {}

    /**
     * A process that lives is to be ended.
     *
     * @param detail what was seen of it
     * @param start its number, 0 where no supervisor can be told to kill it
     */
    record Condemned(KillCause cause, String detail, long start) implements Fact {}

    /** No checkpoint completed for that long, which the job's own settings do not explain. */
    record Stalled(long seconds) implements Fact {}

    /**
     * This process began an epoch.
     *
     * @param registered whether the process to be let in has registered already
     */
    record EpochBegan(long epoch, boolean registered) implements Fact {}

    /**
     * The manifest carries the epoch, or did when this process came back to it.
     *
     * @param reason that the epoch's claim gave; null if it is not known
     */
    record Claimed(long epoch, @Nullable String reason) implements Fact {}

    /** The Lease carries the claim too. */
    record Confirmed(long epoch) implements Fact {}

    /**
     * The Lease was released for a pod that stands by, and this process contends again.
     *
     * @param ended why its JobManager had ended; empty if it was asked to, or none was there
     */
    record HandedOver(long epoch, String to, String ended) implements Fact {}

    /** Leading has ended for this process; it had an epoch. */
    record Ended(long epoch, Verdict verdict) implements Fact {}

    /** This agent does not contend. */
    record Refused(Refusal.ToContend refusal) implements Fact {}

    record PlanDamaged(String damage) implements Fact {}

    record LockChanged(Lock lock) implements Fact {}

    record StartDecided(long epoch, Start start) implements Fact {}

    record GateOpened(long epoch, String jm) implements Fact {}

    /** For the first time in this epoch. */
    record AddressesPublished(long epoch) implements Fact {}

    /** Another checkpoint is the newest one, while a JobManager is served. */
    record CheckpointRecorded(long id) implements Fact {}

    /**
     * A person switched automation off or on.
     *
     * @param why and since when it is off; empty if it is on
     */
    record PauseChanged(String why) implements Fact {}

    record JobEnded(JobResult result) implements Fact {}

    /** Stored plans that the manifest named and, committed in this epoch, names no longer. */
    record PlansForgotten(Set<String> sha256) implements Fact {
        public PlansForgotten {
            sha256 = Set.copyOf(sha256);
        }
    }

    /** Repeated until the Job shows it. */
    record JobSignalled(Signal signal) implements Fact {}

    /** The storage has the mark of a number that this process may take the holder's Lease with. */
    record MarkedEarly(long epoch, String holder) implements Fact {}

    /** Renewals fail, and the storage keeps the gate open; or no longer has to. */
    record HeldByStorage(long epoch, boolean held) implements Fact {}

    /** What the JobManager offered is acknowledged by a copy in the storage. */
    record CommittedByStorage(long sequence) implements Fact {}

    /** The copy was ahead of the manifest in the API server, which goes on from it. */
    record ManifestHealed(Manifest from, Manifest copy) implements Fact {}

    /** Objects that are called like copies, and that this cluster-id's key does not vouch for. */
    record CopiesUnverified(List<String> names) implements Fact {
        public CopiesUnverified {
            names = List.copyOf(names);
        }
    }

    record StartFailed(String reason) implements Fact {}

    /** A JobManager starts from another state than the newest. */
    record OlderStateTaken(String path) implements Fact {}
}
