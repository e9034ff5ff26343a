package io.flinkha.agent.core;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.core.restart.Standing;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What must hold after every step, in tests and in production. */
public final class Invariants {
    private Invariants() {}

    /** The agent would do harm if it went on. */
    public static final class Violation extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        public Violation(String message) {
            super(message);
        }
    }

    static void check(State before, Transition transition) {
        State after = transition.state();
        checkGate(after);
        checkEpoch(before, after, transition.actions());
        checkVerdict(before, after, transition.actions());
        checkManifest(before, after);
        for (Action action : transition.actions()) {
            checkAction(before, after, action);
        }
    }

    private static void checkGate(State after) {
        GateState gate = after.gate;
        require(
                gate.until <= after.deadline() || !after.servesThisEpoch(),
                "the gate's deadline passes what is safe");
        if (after.gateOpen()) {
            boolean reached =
                    after.phase() == Phase.OPENING
                            || after.phase() == Phase.LEADING
                            || after.phase() == Phase.STEPPING_DOWN
                            || after.phase() == Phase.TERMINATED;
            require(reached, "the gate is open in phase " + after.phase());
            require(
                    after.manifest.claimed == after.lease.epoch
                            && after.lease.confirmed == after.lease.epoch,
                    "the gate is open in an epoch that is not claimed and confirmed");
        }
    }

    private static void checkEpoch(State before, State after, List<Action> actions) {
        if (Facts.handedOver(before, after)) {
            checkHandOver(before, actions);
            return;
        }
        require(
                after.lease.epoch >= before.lease.epoch
                        && after.manifest.claimed >= before.manifest.claimed
                        && after.manifest.claimed <= after.lease.epoch,
                "the epoch fell, or a claim runs ahead of it");
        boolean sameEpoch = after.lease.epoch == before.lease.epoch;
        boolean changedHands =
                before.gate.served != null
                        && !Objects.equals(before.gate.served, after.gate.served);
        require(!sameEpoch || !changedHands, "two JobManager processes serve one epoch");
    }

    /** Whoever forgets an epoch releases its Lease in the same step; that has the claim, too. */
    private static void checkHandOver(State before, List<Action> actions) {
        long epoch = before.lease.epoch;
        boolean released =
                actions.stream()
                        .anyMatch(action ->
                                action instanceof Action.ReleaseLease release
                                        && release.lease().releasedInOrder()
                                        && release.lease().epoch() == epoch
                                        && release.lease().claimed() == epoch);
        require(released, "an epoch is forgotten that was not released in order");
    }

    private static void checkVerdict(State before, State after, List<Action> actions) {
        if (before.verdict() == null) {
            return;
        }
        require(before.verdict().equals(after.verdict()), "the verdict was set twice");
        for (Action action : actions) {
            boolean harmless =
                    action instanceof Action.ProbeLock
                            || action instanceof Action.KillJobManager
                            || action instanceof Action.ReleaseLease
                            || action instanceof Action.Answer
                            || action instanceof Action.Exit;
            require(harmless, "after the verdict: " + action);
            if (action instanceof Action.Answer answer) {
                require(
                        !(answer.reply() instanceof Reply.Done)
                                && !(answer.reply() instanceof Reply.Reserved)
                                && !(answer.reply() instanceof Reply.Open),
                        "acknowledged after the verdict");
            }
        }
    }

    private static void checkManifest(State before, State after) {
        Manifest old = before.manifest.committed;
        Manifest now = after.manifest.committed;
        if (old == null || now == null || after.phase() == Phase.CONTENDING) {
            return;
        }
        require(now.reservedTo() >= old.reservedTo(), "checkpoint ids would be used twice");
        require(now.epoch() >= old.epoch(), "the manifest's epoch fell");
        boolean sameRun = Objects.equals(jobId(old), jobId(now));
        boolean discarded = now.result() != null && now.result().discarded();
        require(!sameRun || discarded || latest(now) >= latest(old), "the pointer went back");
        require(
                !sameRun || old.result() == null || old.result().equals(now.result()),
                "a result was taken back");
    }

    private static void checkAction(State before, State after, Action action) {
        long epoch = after.lease.epoch;
        switch (action) {
            case Action.WriteLease write ->
                    require(write.lease().epoch() >= epoch, "a Lease write of an old epoch");
            case Action.WriteManifest write ->
                    require(write.manifest().epoch() == epoch, "a manifest of another epoch");
            case Action.Publish publish ->
                    require(
                            publish.epoch() == epoch && after.manifest.claimed == epoch,
                            "published before the epoch was claimed");
            case Action.ReleaseLease release ->
                    require(
                            after.noEpochIsServed(),
                            "the Lease is released while the JobManager lives");
            case Action.NameStandby name ->
                    require(
                            after.phase() == Phase.CONTENDING,
                            "a pod that leads says that it stands by");
            case Action.Answer answer -> checkAnswer(before, after, answer);
            case Action.ReadLease read -> {}
            case Action.CreateEmptyLease create -> {}
            case Action.ReadManifest read -> {}
            case Action.CreateEmptyManifest create -> {}
            case Action.CheckPlan check -> {}
            case Action.LookForMirror look -> {}
            case Action.PutMark put -> checkMark(after, put);
            case Action.LookForMarks look ->
                    require(
                            look.epoch() == epoch && after.witness.marked == epoch,
                            "a look without a mark of one's own");
            case Action.ReadCopies read -> {}
            case Action.CommitCopy commit ->
                    require(
                            commit.manifest().epoch() == epoch
                                    && after.isClaimed()
                                    && after.witness.heldSince > 0,
                            "a commit by the storage without need");
            case Action.ProbeLock probe -> {}
            case Action.ReadEnds read -> {}
            case Action.TellSupervisor told ->
                    require(
                            after.isClaimed() || yieldsNoMore(before, told.standing()),
                            "the supervisor is told something by an agent that does not lead");
            case Action.KillJobManager kill -> checkKill(after, kill);
            case Action.ReadLeaderAddresses read -> {}
            case Action.ReadJob read -> {}
            case Action.SignalJob signal -> checkSignal(after, signal);
            case Action.ReadPod read -> {}
            case Action.Exit exit -> {}
        }
    }

    private static void checkMark(State after, Action.PutMark put) {
        LeaseRecord lease = after.lease.record;
        boolean early =
                after.phase() == Phase.CONTENDING
                        && lease != null
                        && lease.holder().equals(after.pods.leavingHolder)
                        && put.epoch() == lease.epoch() + 1;
        require(put.epoch() == after.lease.epoch || early, "a mark of another epoch");
    }

    private static void checkKill(State after, Action.KillJobManager kill) {
        require(
                after.gate.lock instanceof Lock.Held held
                        && held.owner().equals(after.process.condemned)
                        && held.start() == kill.start()
                        && kill.start() > 0,
                "a process is killed that was not condemned");
    }

    private static boolean yieldsNoMore(State before, Standing now) {
        Standing told = before.process.told;
        return told != null && told.yields() && told.withYields(false).equals(now);
    }

    private static void checkSignal(State after, Action.SignalJob told) {
        Manifest committed = after.manifest.committed;
        require(
                !(told.signal() instanceof Signal.Park park)
                        || (park.intent() != null
                                && committed != null
                                && park.intent().equals(committed.parked())),
                "the Job is parked before the manifest says so");
        require(
                committed != null
                        && after.manifest.claimed == after.lease.epoch
                        && committed.epoch() == after.lease.epoch,
                "the Job is told something by an agent that does not lead");
    }

    private static void checkAnswer(State before, State after, Action.Answer answer) {
        for (Waiter waiter : before.manifest.waiters) {
            boolean acknowledged =
                    answer.request() == waiter.request() && answer.reply().equals(waiter.reply());
            require(
                    !acknowledged || waiter.edit() <= after.manifest.committedEdit,
                    "acknowledged before the commit was seen");
        }
        if (answer.reply() instanceof Reply.Open open) {
            require(
                    open.epoch() == after.lease.epoch
                            && after.now() + open.remainingMillis() * 1_000_000 <= after.deadline(),
                    "a gate was opened for longer than is safe");
        }
    }

    private static @Nullable String jobId(Manifest manifest) {
        return manifest.run() == null ? null : manifest.run().jobId();
    }

    private static long latest(Manifest manifest) {
        Checkpoint last = manifest.lastCheckpoint();
        return last == null ? 0 : last.id();
    }

    private static void require(boolean holds, String violation) {
        if (!holds) {
            throw new Violation(violation);
        }
    }
}
