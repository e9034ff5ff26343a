package io.flinkha.agent.core;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.EarlierRun;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.restart.EndCause;
import io.flinkha.agent.core.restart.KillCause;
import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.Refusal;
import io.flinkha.agent.core.restart.Standing;
import io.flinkha.agent.core.restart.Start;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a step came to, read off the states before and after it: the one place that compares two. A
 * fact is of the whole step, so what is set and taken back within one is none.
 */
final class Facts {
    private final State before;
    private final State after;
    private final List<Fact> facts = new ArrayList<>();

    private Facts(State before, State after) {
        this.before = before;
        this.after = after;
    }

    /** In the order in which people should read them. */
    static List<Fact> of(State before, Event event, State after, List<Action> actions) {
        Facts all = new Facts(before, after);
        all.ofPhase();
        all.ofProcess();
        all.ofEpoch();
        all.ofStart();
        all.ofManifest();
        for (Action action : actions) {
            if (action instanceof Action.SignalJob told) {
                all.facts.add(new Fact.JobSignalled(told.signal()));
            }
        }
        all.ofEvent(event);
        all.ofWitness(event);
        return all.facts;
    }

    private void ofPhase() {
        if (before.phase != after.phase || before.lease.epoch != after.lease.epoch) {
            facts.add(new Fact.Moved(before.phase, after.phase, after.lease.epoch, after.verdict));
        }
    }

    private void ofProcess() {
        String served = before.gate.served;
        if (served != null
                && isHeldBy(before.gate.lock, served)
                && !isHeldBy(after.gate.lock, served)) {
            facts.add(new Fact.ProcessEnded(served));
        }
        Registration last = after.gate.registration;
        if (last != null && !last.equals(before.gate.registration)) {
            facts.add(new Fact.Registered(last));
        }
        ofEnds();
        ProcessState process = after.process;
        KillCause cause = process.cause;
        if (process.condemned != null
                && cause != null
                && !process.condemned.equals(before.process.condemned)) {
            facts.add(
                    new Fact.Condemned(
                            cause,
                            process.detail,
                            after.gate.lock instanceof Lock.Held held ? held.start() : 0));
        }
        if (process.isStalled() && !before.process.isStalled()) {
            facts.add(new Fact.Stalled(process.progressBound / 1_000_000_000));
        }
    }

    /** What was there before this agent process was told by the one before. */
    private void ofEnds() {
        if (before.process.ends == null) {
            return;
        }
        Standing told = after.process.told;
        for (ProcessEnd end : ProcessSteps.added(before.process.ends, after.process.ends())) {
            boolean ordered = after.process.ordered.contains(end.number());
            facts.add(
                    new Fact.EndRecorded(
                            end, EndCause.of(end, told == null ? null : told.end(), ordered)));
        }
    }

    private static boolean isHeldBy(Lock lock, String jm) {
        return lock instanceof Lock.Held held && held.owner().equals(jm);
    }

    private void ofEpoch() {
        long epoch = after.lease.epoch;
        // One that reattaches goes on with an epoch that another process began.
        if (epoch > before.lease.epoch && after.phase == Phase.CLAIMING) {
            Registration last = after.gate.registration;
            facts.add(
                    new Fact.EpochBegan(
                            epoch, last != null && !last.jm().equals(before.gate.served)));
        }
        if (after.manifest.claimed > before.manifest.claimed) {
            Manifest claimed = after.manifest.committed;
            facts.add(
                    new Fact.Claimed(
                            after.manifest.claimed,
                            claimed == null || claimed.history().isEmpty()
                                    ? null
                                    : claimed.history().getLast().reason()));
        }
        if (after.lease.confirmed > before.lease.confirmed) {
            facts.add(new Fact.Confirmed(after.lease.confirmed));
        }
        if (handedOver(before, after) && after.lease.record != null) {
            facts.add(
                    new Fact.HandedOver(
                            before.lease.epoch,
                            after.lease.record.standby(),
                            after.lease.record.ended()));
        }
        if (before.verdict == null && after.verdict != null && before.lease.epoch > 0) {
            facts.add(new Fact.Ended(epoch, after.verdict));
        }
    }

    static boolean handedOver(State before, State after) {
        return before.lease.epoch > 0 && after.lease.epoch == 0;
    }

    private void ofStart() {
        long epoch = after.lease.epoch;
        Refusal.ToContend refusal = after.refusal;
        if (refusal != null && !refusal.equals(before.refusal)) {
            facts.add(new Fact.Refused(refusal));
        }
        String damage = after.storage.planDamage;
        if (damage != null && !damage.equals(before.storage.planDamage)) {
            facts.add(new Fact.PlanDamaged(damage));
        }
        if (!before.gate.lock.equals(after.gate.lock)) {
            facts.add(new Fact.LockChanged(after.gate.lock));
        }
        Start start = after.gate.start;
        if (start != null && !start.equals(before.gate.start)) {
            facts.add(new Fact.StartDecided(epoch, start));
        }
        String served = after.gate.served;
        if (served != null && after.servesThisEpoch() && !before.servesThisEpoch()) {
            facts.add(new Fact.GateOpened(epoch, served));
        }
        if (before.leaderAddresses.published == null && after.leaderAddresses.published != null) {
            facts.add(new Fact.AddressesPublished(epoch));
        }
    }

    private void ofManifest() {
        Manifest old = before.manifest.committed;
        Manifest now = after.manifest.committed;
        Checkpoint last = after.manifest.lastCheckpoint();
        if (after.servesThisEpoch()
                && last != null
                && !last.equals(before.manifest.lastCheckpoint())) {
            facts.add(new Fact.CheckpointRecorded(last.id()));
        }
        String paused = after.wishes().paused();
        if (!paused.equals(before.wishes().paused()) && after.lease.epoch > 0) {
            facts.add(new Fact.PauseChanged(paused));
        }
        if (old == null || now == null || old.equals(now)) {
            return;
        }
        JobResult result = now.result();
        if (result != null && old.result() == null && after.lease.epoch > 0) {
            facts.add(new Fact.JobEnded(result));
        }
        if (now.epoch() == after.lease.epoch && after.isClaimed()) {
            Set<String> forgotten = plans(old);
            forgotten.removeAll(plans(now));
            if (!forgotten.isEmpty()) {
                facts.add(new Fact.PlansForgotten(forgotten));
            }
        }
    }

    private static Set<String> plans(Manifest manifest) {
        Set<String> plans = new HashSet<>();
        PlanRef plan = manifest.plan();
        if (plan != null) {
            plans.add(plan.sha256());
        }
        for (EarlierRun run : manifest.earlierRuns()) {
            if (!run.plan().isEmpty()) {
                plans.add(run.plan());
            }
        }
        return plans;
    }

    private void ofWitness(Event event) {
        WitnessState old = before.witness;
        WitnessState now = after.witness;
        LeaseRecord lease = after.lease.record;
        if (now.earlyAt > old.earlyAt && lease != null) {
            facts.add(new Fact.MarkedEarly(now.early, lease.holder()));
        }
        boolean held = now.heldSince > 0;
        if (held != old.heldSince > 0) {
            facts.add(new Fact.HeldByStorage(after.lease.epoch, held));
        }
        Manifest committed = after.manifest.committed;
        if (event instanceof Event.CopyCommitted
                && committed != null
                && !committed.equals(before.manifest.committed)) {
            facts.add(new Fact.CommittedByStorage(committed.sequence()));
        }
        if (now.healed != null && now.copy != null && !now.healed.equals(old.healed)) {
            facts.add(new Fact.ManifestHealed(now.healed, now.copy));
        }
        if (!now.unverified.isEmpty() && !now.unverified.equals(old.unverified)) {
            facts.add(new Fact.CopiesUnverified(now.unverified));
        }
    }

    private void ofEvent(Event event) {
        switch (event) {
            case Event.StartFailed failed -> facts.add(new Fact.StartFailed(failed.reason()));
            case Event.ChangeOffered offer
                    when offer.change() instanceof Change.RecordRestore restore
                            && isSecondChoice(before.gate.start, restore.path()) ->
                    facts.add(new Fact.OlderStateTaken(restore.path()));
            default -> {}
        }
    }

    private static boolean isSecondChoice(@Nullable Start start, String taken) {
        return switch (start) {
            case Start.Restore restore -> !restore.candidates().getFirst().equals(taken);
            case Start.Resume resume -> true;
            case null, default -> false;
        };
    }
}
