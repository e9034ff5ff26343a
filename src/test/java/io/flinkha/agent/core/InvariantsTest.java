package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Parked;
import io.flinkha.agent.core.restart.ExitCode;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.core.restart.Standing;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Each invariant can fail: a leader's state with one thing made wrong. */
class InvariantsTest {
    private static final JobView JOB =
            new JobView("job-uid-1", "1", false, false, false, 0, 6, null, false);

    /** Its epoch is not claimed, and nobody is let in. */
    private static final Consumer<State> UNCLAIMED =
            state -> {
                state.manifest.claimed = 0;
                state.gate.served = null;
            };

    private final Bench bench = new Bench().leadWithCheckpoint("jm-1");
    private final State good = bench.state;
    private final Manifest manifest = bench.api.stored();

    private State with(Consumer<State> wrong) {
        return States.with(good, wrong);
    }

    private void breaks(String invariant, Consumer<State> wrong, Action... actions) {
        breaks(invariant, good, wrong, actions);
    }

    private void breaks(String invariant, State before, Consumer<State> wrong, Action... actions) {
        Transition transition = new Transition(with(wrong), List.of(actions));
        Invariants.Violation violation =
                assertThrows(
                        Invariants.Violation.class, () -> Invariants.check(before, transition));
        assertEquals(invariant, violation.getMessage());
    }

    private void holds(Consumer<State> change, Action... actions) {
        Transition transition = new Transition(with(change), List.of(actions));
        assertDoesNotThrow(() -> Invariants.check(good, transition));
    }

    private static LeaseRecord lease(long epoch) {
        return new LeaseRecord("pod-a/uid-a", "a1", epoch, 1, 0, 15, "1");
    }

    @Test
    void leaderThatDoesNothingBreaksNothing() {
        assertDoesNotThrow(() -> Invariants.check(good, new Transition(good, List.of())));
    }

    @Test
    void gateStaysWithinTheLease() {
        breaks("the gate's deadline passes what is safe", state -> state.gate.until++);
        breaks("the gate is open in phase CLAIMING", state -> state.phase = Phase.CLAIMING);
        breaks(
                "the gate is open in an epoch that is not claimed and confirmed",
                state -> state.lease.confirmed = 0);
        breaks(
                "the gate is open in an epoch that is not claimed and confirmed",
                with(state -> state.manifest.claimed = 0),
                state -> state.manifest.claimed = 0);
    }

    @Test
    void epochNeverFalls() {
        String broken = "the epoch fell, or a claim runs ahead of it";
        breaks(broken, with(state -> state.lease.epoch = 2), state -> {});
        breaks(broken, with(state -> state.manifest.claimed = 2), state -> {});
        breaks(
                broken,
                state -> {
                    state.gate.served = null;
                    state.manifest.claimed = 2;
                });
    }

    @Test
    void epochIsServedByOneProcess() {
        breaks("two JobManager processes serve one epoch", state -> state.gate.served = "jm-2");
        breaks("two JobManager processes serve one epoch", state -> state.gate.served = null);
    }

    @Test
    void verdictIsFinal() {
        Verdict lost = new Verdict(Verdict.Cause.LOST, "x");
        State over =
                with(state -> {
                    state.verdict = lost;
                    state.phase = Phase.STEPPING_DOWN;
                });
        Consumer<State> still =
                state -> {
                    state.verdict = lost;
                    state.phase = Phase.STEPPING_DOWN;
                };
        breaks("the verdict was set twice", over, state -> {});
        Action.WriteLease renewal = new Action.WriteLease(9, lease(1));
        breaks("after the verdict: " + renewal, over, still, renewal);
        List<Reply> acknowledgements =
                List.of(
                        new Reply.Done(),
                        new Reply.Reserved(9),
                        new Reply.Open(1, new UUID(1, 1), 0, null, false));
        for (Reply reply : acknowledgements) {
            breaks("acknowledged after the verdict", over, still, new Action.Answer(1, reply));
        }
    }

    @Test
    void manifestNeverGoesBack() {
        breaks(
                "checkpoint ids would be used twice",
                state -> state.manifest.committed = manifest.withReservedTo(32));
        breaks(
                "the manifest's epoch fell",
                state ->
                        state.manifest.committed =
                                manifest.claimedBy(new Leadership(0, "", "", "")));
        breaks(
                "the pointer went back",
                state -> state.manifest.committed = manifest.withCheckpoints(List.of()));
        JobResult result = new JobResult(bench.jobId(), JobResult.Status.FAILED, "", "");
        breaks(
                "a result was taken back",
                with(state -> state.manifest.committed = manifest.withResult(result)),
                state -> {});
    }

    @Test
    void everyWriteCarriesTheEpoch() {
        breaks("a Lease write of an old epoch", state -> {}, new Action.WriteLease(9, lease(0)));
        breaks(
                "a manifest of another epoch",
                state -> {},
                new Action.WriteManifest(9, Manifest.EMPTY, "1"));
        breaks(
                "published before the epoch was claimed",
                state -> {},
                new Action.Publish(9, 2, new UUID(1, 1), Map.of(), null));
    }

    @Test
    void leaseIsNotReleasedWhileTheJobManagerLives() {
        Action release = new Action.ReleaseLease(9, lease(1));
        breaks("the Lease is released while the JobManager lives", state -> {}, release);
        breaks(
                "the Lease is released while the JobManager lives",
                state -> state.gate.lock = new Lock.Unseen(),
                release);
    }

    @Test
    void acknowledgementsComeAfterTheCommit() {
        State waiting =
                with(state ->
                        state.manifest.add(
                                new Waiter(
                                        5,
                                        state.manifest.committedEdit + 1,
                                        new Reply.Done(),
                                        state.now,
                                        false)));
        breaks(
                "acknowledged before the commit was seen",
                waiting,
                state -> {},
                new Action.Answer(5, new Reply.Done()));
    }

    @Test
    void gateIsNotPromisedForLongerThanTheLease() {
        String broken = "a gate was opened for longer than is safe";
        long left = (good.lease.safeUntil - good.now()) / 1_000_000;
        UUID session = new UUID(1, 1);
        breaks(
                broken,
                state -> {},
                new Action.Answer(5, new Reply.Open(1, session, left + 1, null, false)));
        breaks(
                broken,
                state -> {},
                new Action.Answer(5, new Reply.Open(2, session, left, null, false)));
    }

    @Test
    void storageIsAskedForTheOwnEpoch() {
        breaks("a mark of another epoch", state -> {}, new Action.PutMark(9, 2, "pod-a/uid-a"));
        Action look = new Action.LookForMarks(9, 1);
        String broken = "a look without a mark of one's own";
        breaks(broken, state -> {}, look);
        breaks(broken, state -> state.witness.marked = 1, new Action.LookForMarks(9, 2));
        holds(state -> {}, new Action.PutMark(9, 1, "pod-a/uid-a"));
        holds(state -> state.witness.marked = 1, look);
    }

    @Test
    void storageCommitsForWhoLeadsByItAlone() {
        Action commit = new Action.CommitCopy(9, manifest);
        String broken = "a commit by the storage without need";
        breaks(broken, state -> {}, commit);
        breaks(
                broken,
                state -> state.witness.heldSince = 1,
                new Action.CommitCopy(9, Manifest.EMPTY));
        breaks(
                broken,
                with(UNCLAIMED),
                UNCLAIMED.andThen(state -> state.witness.heldSince = 1),
                commit);
        holds(state -> state.witness.heldSince = 1, commit);
    }

    @Test
    void supervisorIsToldByTheLeaderAlone() {
        Action tell = new Action.TellSupervisor(new Standing(false, false, null));
        breaks(
                "the supervisor is told something by an agent that does not lead",
                with(UNCLAIMED),
                UNCLAIMED,
                tell);
        holds(state -> {}, tell);
        Consumer<State> yielded =
                UNCLAIMED.andThen(
                        state -> state.process.told = new Standing(false, true, ExitCode.DONE));
        breaks(
                "the supervisor is told something by an agent that does not lead",
                with(yielded),
                yielded,
                tell);
        Action noMore = new Action.TellSupervisor(new Standing(false, false, ExitCode.DONE));
        Transition takenBack = new Transition(with(yielded), List.of(noMore));
        assertDoesNotThrow(() -> Invariants.check(with(yielded), takenBack));
    }

    @Test
    void onlyTheProcessThatWasCondemnedIsKilled() {
        String broken = "a process is killed that was not condemned";
        Action kill = new Action.KillJobManager(7);
        Consumer<State> lives = state -> state.gate.lock = new Lock.Held("jm-1", 7);
        Consumer<State> condemned = lives.andThen(state -> state.process.condemned = "jm-1");
        breaks(broken, lives, kill);
        breaks(broken, lives.andThen(state -> state.process.condemned = "jm-2"), kill);
        breaks(broken, condemned, new Action.KillJobManager(8));
        breaks(broken, condemned.andThen(state -> state.gate.lock = new Lock.Free()), kill);
        breaks(
                broken,
                condemned.andThen(state -> state.gate.lock = new Lock.Held("jm-1", 0)),
                new Action.KillJobManager(0));
        holds(condemned, kill);
    }

    @Test
    void jobIsToldByTheLeaderAlone() {
        String broken = "the Job is told something by an agent that does not lead";
        Action fail = new Action.SignalJob(9, new Signal.FailJob(), JOB);
        breaks(broken, with(UNCLAIMED), UNCLAIMED, fail);
        breaks(broken, state -> state.manifest.committed = null, fail);
        State earlier = with(state -> state.manifest.committed = null);
        breaks(broken, earlier, state -> state.manifest.committed = Manifest.EMPTY, fail);
        holds(state -> {}, fail);
    }

    @Test
    void jobIsParkedOnceTheManifestSaysSo() {
        String broken = "the Job is parked before the manifest says so";
        Parked intent = new Parked("job-uid-1", null);
        Action park = new Action.SignalJob(9, new Signal.Park(intent), JOB);
        Manifest parked = manifest.withParked(intent);
        breaks(broken, state -> {}, park);
        breaks(
                broken,
                state -> state.manifest.committed = manifest.withParked(new Parked("else", null)),
                park);
        breaks(
                broken,
                state -> state.manifest.committed = parked,
                new Action.SignalJob(9, new Signal.Park(null), JOB));
        holds(state -> state.manifest.committed = parked, park);
    }

    @Test
    void stepThatWouldDoHarmIsNotTaken() {
        State bad = with(state -> state.gate.until = state.lease.safeUntil + 1);
        Moment now = new Moment(good.now(), 1_000);
        assertThrows(
                Invariants.Violation.class, () -> bench.machine.step(bad, now, new Event.Tick()));
    }
}
