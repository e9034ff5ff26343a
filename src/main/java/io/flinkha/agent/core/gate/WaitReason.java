package io.flinkha.agent.core.gate;

/** Why a JobManager is told to ask again. The sentences are told outside of the core. */
public sealed interface WaitReason {

    record Registered() implements WaitReason {}

    /** Whether another process of this pod holds the lock is not known yet. */
    record LockIsLookedAt() implements WaitReason {}

    /** By a person's wish. */
    record Paused() implements WaitReason {}

    record JobIsToldToFail() implements WaitReason {}

    /** The caller serves this very epoch, which this agent process has yet to take over. */
    record LeaseIsRenewed() implements WaitReason {}

    record NotLeading() implements WaitReason {}

    /** A lock of Flink's own HA is on the leader ConfigMap, and nobody knows whether it is held. */
    record StockLockIsWatched() implements WaitReason {}

    record LeaseIsFree() implements WaitReason {}

    record LeaseIsHeld(String holder) implements WaitReason {}

    record EpochIsClaimed(long epoch) implements WaitReason {}

    record StartIsRecorded() implements WaitReason {}

    /** The job has failed, and what becomes of its Job is not decided. */
    record JobIsUndecided() implements WaitReason {}

    record CopyIsSought() implements WaitReason {}

    record PlanIsChecked() implements WaitReason {}

    record OtherProcessServes() implements WaitReason {}

    record GateIsClosed() implements WaitReason {}
}
