package io.flinkha.agent.core;

import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.core.restart.Standing;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something to do outside of the core. {@code call} names the request, its answer carries it back.
 */
public sealed interface Action {
    record ReadLease(long call) implements Action {}

    /**
     * Agents create only empty Leases: an object that was deleted must not make its finder a
     * leader.
     */
    record CreateEmptyLease(long call) implements Action {}

    record WriteLease(long call, LeaseRecord lease) implements Action {}

    /** Clears the holder and leaves the mark, in one update. */
    record ReleaseLease(long call, LeaseRecord lease) implements Action {}

    /**
     * Says on the Lease who stands by, and changes nothing else of it.
     *
     * @param name of this pod as a holder; empty if it does not, or no longer
     */
    record NameStandby(long call, LeaseRecord lease, String name) implements Action {}

    record ReadManifest(long call) implements Action {}

    /**
     * Agents create only empty manifests: a create names no version, so one that is carried out
     * late must not bring back what was current when it was sent.
     */
    record CreateEmptyManifest(long call) implements Action {}

    record WriteManifest(long call, Manifest manifest, String version) implements Action {}

    record CheckPlan(long call, PlanRef plan) implements Action {}

    /** Whether the storage knows this cluster-id, of which the manifest says nothing. */
    record LookForMirror(long call) implements Action {}

    /**
     * Writes the leader addresses.
     *
     * @param keep component whose present entry stays if {@code addresses} has none: the resumed
     *     job's, or its TaskManagers would fail their tasks; null for none
     */
    record Publish(
            long call,
            long epoch,
            UUID session,
            Map<String, String> addresses,
            @Nullable String keep)
            implements Action {}

    /** Where the pod that leads is reached. */
    record ReadLeaderAddresses(long call) implements Action {}

    record ReadJob(long call) implements Action {}

    /**
     * {@code seen} is what the decision was made on: a Job that has changed since is left alone.
     */
    record SignalJob(long call, Signal signal, JobView seen) implements Action {}

    record ReadPod(long call, String name) implements Action {}

    /** What the storage is asked for as a witness. */
    sealed interface ToWitness extends Action {
        long call();
    }

    /**
     * Leaves the mark of an epoch, unless one is there, and looks at all of them.
     *
     * @param by the mark's content: holder of the Lease
     */
    record PutMark(long call, long epoch, String by) implements ToWitness {}

    /** Looks at all marks, among which the one of {@code epoch} has to be. */
    record LookForMarks(long call, long epoch) implements ToWitness {}

    record ReadCopies(long call) implements ToWitness {}

    /** Puts a copy of the manifest, unless one is there, and then looks at all marks. */
    record CommitCopy(long call, Manifest manifest) implements ToWitness {}

    record ProbeLock() implements Action {}

    /** What the supervisor of the JobManager's container wrote down of ends. */
    record ReadEnds(long call) implements Action {}

    /** SIGKILL to the process with this number, and to no other. */
    record KillJobManager(long start) implements Action {}

    record TellSupervisor(Standing standing) implements Action {}

    record Answer(long request, Reply reply) implements Action {}

    /** Ends the agent's process. */
    record Exit(int code, String reason) implements Action {}
}
