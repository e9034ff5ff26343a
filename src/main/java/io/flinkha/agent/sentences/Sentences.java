package io.flinkha.agent.sentences;

import io.flinkha.agent.core.gate.WaitReason;
import io.flinkha.agent.core.manifest.ChangeRefusal;
import io.flinkha.agent.core.restart.Refusal;
import io.flinkha.agent.core.restart.Start;
import java.time.Duration;

/** Refusals and reasons to wait, in words. */
public final class Sentences {
    private static final String WAYS_ON =
            " Name a checkpoint or savepoint in flink-ha.restore.path to start from it, or start"
                    + " empty by a new Job with flink-ha.restore.strategy=none.";

    private Sentences() {}

    /** Why this start and no other. */
    public static String of(Start start) {
        return switch (start) {
            case Start.Fresh fresh -> fresh.reason();
            case Start.Resume resume -> resume.reason();
            case Start.Restore restore -> restore.reason();
            case Start.Halt halt -> of(halt.refusal());
        };
    }

    /** Never empty by accident: what a person may do about it is part of the sentence. */
    public static String of(Refusal refusal) {
        return switch (refusal) {
            case Refusal.ManifestUnreadable garbled ->
                    ("the manifest cannot be read (%s). Put a good one back; or keep a copy of it,"
                                    + " delete it, and take the one in the storage by the agent's"
                                    + " command restore-from-storage; or start empty after its"
                                    + " command purge.")
                            .formatted(garbled.reason());
            case Refusal.ManifestOfNewerAgent newer ->
                    ("a newer flink-ha-agent wrote the manifest (%s). Use that release or a later"
                                    + " one; or, to stay with this one, keep a copy of the"
                                    + " manifest, delete it, and take a copy in the storage that"
                                    + " this release wrote by the agent's command"
                                    + " restore-from-storage --object; or start empty after its"
                                    + " command purge.")
                            .formatted(newer.reason());
            case Refusal.ManifestLost lost ->
                    ("the manifest is of epoch %d, but epoch %d was claimed before: it was lost or"
                                    + " rolled back. Put the newer one back; or take the copy in"
                                    + " the storage by the agent's command restore-from-storage;"
                                    + " or start empty after its command purge.")
                            .formatted(lost.manifestEpoch(), lost.claimedEpoch());
            case Refusal.StockHaLeads stock ->
                    ("a JobManager with Flink's own Kubernetes HA leads this cluster-id (its lock"
                                    + " on the leader ConfigMap is being renewed: %s). Stop it"
                                    + " first, with a savepoint or with retained checkpoints, and"
                                    + " name that state in flink-ha.restore.path.")
                            .formatted(stock.lock());
            case Refusal.CopyOfLostManifest copy ->
                    ("The manifest is empty, but the storage has a copy of an earlier one (%s): it"
                                    + " was lost. Run the agent's command restore-from-storage to"
                                    + " go on from there; then flink-ha.restore.path or"
                                    + " strategy=none hold again. Run purge if all that came"
                                    + " before may be forgotten.")
                            .formatted(copy.name());
            case Refusal.StockHaHasRun trace ->
                    "Flink's own Kubernetes HA has run this cluster-id (its leader ConfigMap is"
                            + " there), and what it ended with is not known here."
                            + WAYS_ON;
            case Refusal.SavepointUnknown unknown ->
                    "Job %s finished, and it could not be seen whether it was stopped with a savepoint."
                                    .formatted(unknown.jobId())
                            + WAYS_ON;
            case Refusal.NoSavepointKnown none ->
                    ("flink-ha.restore.strategy is latest-savepoint, but no savepoint is known; the"
                                            + " newest state is %s.")
                                    .formatted(none.newestPath())
                            + WAYS_ON;
            case Refusal.StateTooOld old -> tooOld(old) + WAYS_ON;
            case Refusal.JobIsOver over ->
                    "job %s is %s in this %s%s"
                            .formatted(
                                    over.jobId(),
                                    over.status(),
                                    over.sameRevision() ? "revision" : "Kubernetes Job",
                                    over.parked()
                                            ? "; resume the Job (spec.suspend: false) to go on from its latest state"
                                            : "");
            case Refusal.GateClosed closed -> closed.reason();
        };
    }

    private static String tooOld(Refusal.StateTooOld old) {
        Duration age = old.age();
        return "The state to start from, %s, %s, and flink-ha.restore.max-age is %s."
                .formatted(
                        old.path(),
                        age == null
                                ? "is of unknown age"
                                : "was completed %d s ago".formatted(age.toSeconds()),
                        old.limit());
    }

    public static String of(WaitReason reason) {
        return switch (reason) {
            case WaitReason.Registered registered -> "registered";
            case WaitReason.LockIsLookedAt unknown -> "the lock file is being looked at";
            case WaitReason.Paused paused ->
                    "paused: no JobManager is let in until somebody calls flink-ha-agent resume";
            case WaitReason.JobIsToldToFail over ->
                    "the JobManager ended too often: the Job is told to fail";
            case WaitReason.LeaseIsRenewed renewal -> "the Lease is being renewed";
            case WaitReason.NotLeading standby -> "this agent process does not lead yet";
            case WaitReason.StockLockIsWatched stock ->
                    "a lock of Flink's own Kubernetes HA is being watched: it is dead once it has not changed for a lease duration";
            case WaitReason.LeaseIsFree free -> "the Lease is not taken yet";
            case WaitReason.LeaseIsHeld held -> "the Lease is held by " + held.holder();
            case WaitReason.EpochIsClaimed claim ->
                    "epoch %d is being claimed".formatted(claim.epoch());
            case WaitReason.StartIsRecorded start -> "the start is being recorded";
            case WaitReason.JobIsUndecided undecided ->
                    "the job has failed: the Job is being parked, or asked whether it was resumed";
            case WaitReason.CopyIsSought copy ->
                    "the storage is being asked for a copy of the manifest";
            case WaitReason.PlanIsChecked plan -> "the stored plan is being checked";
            case WaitReason.OtherProcessServes other ->
                    "another process of this pod serves this epoch";
            case WaitReason.GateIsClosed closed -> "the gate is closed";
        };
    }

    public static String of(ChangeRefusal refusal) {
        return switch (refusal) {
            case ChangeRefusal.OtherJob other ->
                    "job %s is not the job of this run (%s): one application runs one job"
                            .formatted(
                                    other.jobId(),
                                    other.runJobId() == null ? "none" : other.runJobId());
            case ChangeRefusal.NothingRetained none ->
                    "maxRetained is %d, it must be at least 1".formatted(none.maxRetained());
            case ChangeRefusal.CheckpointElsewhere other ->
                    "checkpoint %d is recorded at %s, not at %s"
                            .formatted(other.id(), other.recorded(), other.offered());
            case ChangeRefusal.CheckpointTooOld old ->
                    "checkpoint %d is older than the recorded %d".formatted(old.id(), old.newest());
            case ChangeRefusal.IdsNeverHandedOut ids ->
                    "ids below %d were never handed out, the end is %d"
                            .formatted(ids.reservedTo(), ids.end());
            case ChangeRefusal.OddCountOfIds odd ->
                    "count is %d, give 1 to 10000".formatted(odd.count());
            case ChangeRefusal.NoRunForPlan none -> "there is no run to store a plan for";
            case ChangeRefusal.OtherRestore other ->
                    "this run does not restore from " + other.path();
            case ChangeRefusal.NoCheckpointYet none ->
                    "this run has no checkpoint of its own yet: what came before is needed";
            case ChangeRefusal.EndedOtherwise ended ->
                    "job %s ended as %s already, not as %s"
                            .formatted(ended.jobId(), ended.known(), ended.offered());
        };
    }
}
