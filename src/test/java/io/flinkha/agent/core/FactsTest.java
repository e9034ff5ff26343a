package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkha.agent.core.Verdict.Cause;
import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.EarlierRun;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.RestoredFrom.ClaimMode;
import io.flinkha.agent.core.restart.EndCause;
import io.flinkha.agent.core.restart.ExitCode;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.KillCause;
import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.Refusal;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.core.restart.Standing;
import io.flinkha.agent.core.restart.Start;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is told of a step, and what is none: each fact once, and nothing that was so before. */
class FactsTest extends FactsBench {
    private static final Start FRESH = new Start.Fresh("the first", "job", 1);

    private static final JobView JOB =
            new JobView("u", "1", false, false, false, 0, 0, null, false);

    private void bothLead() {
        for (State state : List.of(before, after)) {
            state.phase = Phase.LEADING;
            state.lease.epoch = 2;
            state.lease.confirmed = 2;
            state.manifest.claimed = 2;
            state.gate.served = "jm";
            state.gate.servedEpoch = 2;
            state.gate.lock = new Lock.Held("jm");
        }
    }

    @Test
    void nothingOfAStepThatChangesNothing() {
        assertEquals(List.of(), facts());
        bothLead();
        assertEquals(List.of(), facts());
    }

    @Test
    void aMoveIsAnotherPhaseOrAnotherEpoch() {
        after.phase = Phase.TERMINATED;
        assertOnce(new Fact.Moved(before.phase, Phase.TERMINATED, 0, null));
    }

    @Test
    void anEpochBeginsForTheProcessThatHasRegisteredOrForNone() {
        after.phase = Phase.CLAIMING;
        after.lease.epoch = 3;
        Fact moved = new Fact.Moved(before.phase, Phase.CLAIMING, 3, null);
        assertEquals(List.of(moved, new Fact.EpochBegan(3, false)), facts());
        Registration registration = new Registration("jm", "2.3.0", "code");
        before.gate.registration = registration;
        after.gate.registration = registration;
        assertEquals(List.of(moved, new Fact.EpochBegan(3, true)), facts());
        before.gate.served = "jm";
        assertEquals(List.of(moved, new Fact.EpochBegan(3, false)), facts());
    }

    @Test
    void whoComesBackToAnEpochDoesNotBeginIt() {
        after.phase = Phase.REATTACHING;
        after.lease.epoch = 3;
        assertEquals(List.of(new Fact.Moved(before.phase, Phase.REATTACHING, 3, null)), facts());
    }

    @Test
    void anEpochThatIsBeingClaimedBeganBefore() {
        for (State state : List.of(before, after)) {
            state.phase = Phase.CLAIMING;
            state.lease.epoch = 3;
        }
        assertEquals(List.of(), facts());
    }

    @Test
    void aProcessEndsWhenTheLockIsNoLongerItsOwn() {
        bothLead();
        after.gate.lock = new Lock.Free();
        assertEquals(
                List.of(new Fact.ProcessEnded("jm"), new Fact.LockChanged(new Lock.Free())),
                facts());
        after.gate.lock = new Lock.Held("another");
        assertEquals(
                List.of(
                        new Fact.ProcessEnded("jm"),
                        new Fact.LockChanged(new Lock.Held("another"))),
                facts());
        before.gate.lock = new Lock.Held("another");
        after.gate.lock = new Lock.Free();
        assertEquals(List.of(new Fact.LockChanged(new Lock.Free())), facts());
    }

    @Test
    void aRegistrationIsToldOnce() {
        after.gate.registration = new Registration("jm", "2.3.0", "code");
        assertOnce(new Fact.Registered(after.gate.registration));
    }

    @Test
    void aClaimGivesItsReasonIfItIsKnown() {
        after.manifest.claimed = 2;
        assertOnce(new Fact.Claimed(2, null));
        after.manifest.committed = Manifest.EMPTY;
        assertOnce(new Fact.Claimed(2, null));
        after.manifest.committed =
                Manifest.EMPTY.claimedBy(new Leadership(2, "pod", "t", "a node was lost"));
        assertOnce(new Fact.Claimed(2, "a node was lost"));
    }

    @Test
    void aConfirmationIsToldOnce() {
        after.lease.confirmed = 2;
        assertOnce(new Fact.Confirmed(2));
    }

    @Test
    void onlyLeadingEnds() {
        Verdict verdict = new Verdict(Cause.LOST, "it was taken");
        after.verdict = verdict;
        assertEquals(List.of(), facts());
        before.lease.epoch = 2;
        after.lease.epoch = 2;
        assertOnce(new Fact.Ended(2, verdict));
    }

    @Test
    void aRefusalIsToldUntilItIsAnother() {
        after.refusal = new Refusal.ManifestLost(1, 2);
        assertOnce(new Fact.Refused(after.refusal));
    }

    @Test
    void whatIsKnownOfAStartIsToldOnce() {
        after.storage.planDamage = "too short";
        assertOnce(new Fact.PlanDamaged("too short"));
        before.storage.planDamage = "too short";
        after.gate.start = FRESH;
        assertOnce(new Fact.StartDecided(0, FRESH));
    }

    @Test
    void aGateOpensForTheProcessThatServesTheEpoch() {
        bothLead();
        before.gate.served = null;
        assertOnce(new Fact.GateOpened(2, "jm"));
        after.gate.servedEpoch = 1;
        assertEquals(List.of(), facts());
    }

    @Test
    void addressesAreToldTheFirstTime() {
        after.leaderAddresses.published = Map.of("restserver", "a");
        assertOnce(new Fact.AddressesPublished(0));
    }

    @Test
    void aCheckpointIsToldWhileAJobManagerIsServed() {
        Checkpoint checkpoint = new Checkpoint(7, "file:/c/7", "file:/c/7/m", 1, 2, 3);
        after.manifest.committed = Manifest.EMPTY.withCheckpoints(List.of(checkpoint));
        assertEquals(List.of(), facts());
        bothLead();
        before.manifest.committed = Manifest.EMPTY;
        assertOnce(new Fact.CheckpointRecorded(7));
        before.manifest.committed = null;
        assertOnce(new Fact.CheckpointRecorded(7));
    }

    @Test
    void aPauseIsToldByWhoLeads() {
        after.lease.record =
                new LeaseRecord("pod", "n", 2, 2, 0, 15, "version")
                        .withWishes(new Wishes("a look", 0, "", 0));
        assertEquals(List.of(), facts());
        before.lease.epoch = 2;
        after.lease.epoch = 2;
        assertOnce(new Fact.PauseChanged("a look"));
    }

    @Test
    void aResultIsToldByWhoLeadsOnceItIsCommitted() {
        before.manifest.committed = Manifest.EMPTY;
        JobResult result =
                new JobResult("job", JobResult.Status.FAILED, "boom", "2026-11-30T00:00:00Z");
        after.manifest.committed = Manifest.EMPTY.withResult(result);
        assertEquals(List.of(), facts());
        before.lease.epoch = 2;
        after.lease.epoch = 2;
        assertOnce(new Fact.JobEnded(result));
    }

    @Test
    void plansAreForgottenByTheEpochThatCommittedIt() {
        bothLead();
        Leadership leadership = new Leadership(2, "pod", "t", "r");
        Manifest without = Manifest.EMPTY.claimedBy(leadership);
        before.manifest.committed =
                without.withPlan(null, new PlanRef("aa", 1))
                        .withEarlierRuns(
                                List.of(
                                        new EarlierRun("old", "p", "bb", true, false),
                                        new EarlierRun("older", "p", "", true, false)));
        after.manifest.committed = without;
        assertOnce(new Fact.PlansForgotten(Set.of("aa", "bb")));
        after.manifest.committed = without.withPlan(null, new PlanRef("aa", 1));
        assertOnce(new Fact.PlansForgotten(Set.of("bb")));
        after.manifest.committed = before.manifest.committed.withSequence(9);
        assertEquals(List.of(), facts());
        after.manifest.committed = without;
        after.manifest.claimed = 1;
        before.manifest.claimed = 1;
        assertEquals(List.of(), facts());
    }

    @Test
    void eachSignalIsTold() {
        Signal signal = new Signal.GiveUp();
        Action told = new Action.SignalJob(1, signal, JOB);
        assertEquals(
                List.of(new Fact.JobSignalled(signal)),
                Facts.of(before, new Event.Tick(), after, List.of(new Action.ProbeLock(), told)));
    }

    @Test
    void aStateThatIsNotTheFirstChoiceIsTold() {
        Event newest = restored("newest");
        Event older = restored("older");
        assertEquals(List.of(), facts(older));
        before.gate.start =
                new Start.Restore(
                        "r", "job", 1, List.of("newest", "older"), ClaimMode.NO_CLAIM, false);
        after.gate.start = before.gate.start;
        assertEquals(List.of(), facts(newest));
        assertEquals(List.of(new Fact.OlderStateTaken("older")), facts(older));
        before.gate.start =
                new Start.Resume(
                        "r", "job", "name", new PlanRef("aa", 1), 1, List.of(), null, true);
        after.gate.start = before.gate.start;
        assertEquals(List.of(new Fact.OlderStateTaken("newest")), facts(newest));
        assertEquals(
                List.of(new Fact.StartFailed("no class")),
                facts(new Event.StartFailed(1, "jm", 2, "no class")));
    }

    private static Event restored(String path) {
        return new Event.ChangeOffered(1, "jm", 2, new Change.RecordRestore(path));
    }

    @Test
    void anEndIsToldThatTheRecordDidNotHaveBefore() {
        ProcessEnd first = new ProcessEnd(1, 1, 5, 10);
        ProcessEnd second = new ProcessEnd(2, 0, 5, 20);
        after.process.ends = List.of(first);
        assertEquals(List.of(), facts(), "the agent before told of what was there already");
        before.process.ends = List.of();
        assertOnce(new Fact.EndRecorded(first, EndCause.ERROR));
        after.process.ends = List.of(first, second);
        before.process.ends = List.of(first);
        assertOnce(new Fact.EndRecorded(second, EndCause.NO_RESULT));
        after.process.told = new Standing(false, false, ExitCode.DONE);
        assertOnce(new Fact.EndRecorded(second, EndCause.JOB_OVER));
    }

    @Test
    void anEndThatWasOrderedIsToldAsSuch() {
        ProcessEnd end = new ProcessEnd(7, 137, 5, 10);
        before.process.ends = List.of();
        after.process.ends = List.of(end);
        after.process.ordered = List.of(7L);
        assertOnce(new Fact.EndRecorded(end, EndCause.WATCHDOG));
    }

    @Test
    void aProcessIsCondemnedOnce() {
        for (State state : List.of(before, after)) {
            state.gate.lock = new Lock.Held("jm", 7);
        }
        after.process.condemned = "jm";
        after.process.cause = KillCause.HUNG;
        after.process.detail = "it has not called for 30 s";
        assertOnce(new Fact.Condemned(KillCause.HUNG, "it has not called for 30 s", 7));
        before.process.condemned = "the one before";
        assertOnce(new Fact.Condemned(KillCause.HUNG, "it has not called for 30 s", 7));
        before.process.condemned = "jm";
        before.process.cause = KillCause.MAIN_THREAD;
        assertEquals(List.of(), facts());
    }

    /** Started without a supervisor, or ended by itself in the same step: it has no number. */
    @Test
    void aProcessThatCannotBeKilledIsCondemnedWithoutANumber() {
        before.gate.lock = new Lock.Free();
        after.gate.lock = new Lock.Free();
        after.process.condemned = "jm";
        after.process.cause = KillCause.HUNG;
        assertOnce(new Fact.Condemned(KillCause.HUNG, "", 0));
    }

    @Test
    void aProcessThatIsSparedIsNotCondemned() {
        before.process.condemned = "jm";
        before.process.cause = KillCause.HUNG;
        after.process.cause = KillCause.HUNG;
        assertEquals(List.of(), facts());
    }

    @Test
    void missingProgressIsToldOnceInSeconds() {
        after.process.progressBound = 20_000_000_000L;
        after.process.unproductive = 19_999_999_999L;
        assertEquals(List.of(), facts());
        after.process.unproductive = 20_000_000_000L;
        assertOnce(new Fact.Stalled(20));
    }
}
