package io.flinkha.agent.runtime;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Fact;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.restart.Start;
import io.flinkha.agent.sentences.Sentences;
import org.jboss.logging.Logger;

/** One line for whatever a person would want to know afterwards. */
public final class TransitionLog implements LoopListener {
    private static final Logger LOG = Logger.getLogger("io.flinkha.agent");

    @Override
    public void stepped(Event event, Transition transition) {
        transition.facts().forEach(TransitionLog::log);
        logFailure(event);
        for (Action action : transition.actions()) {
            logAnswer(action);
        }
    }

    private static void log(Fact fact) {
        switch (fact) {
            case Fact.Moved moved ->
                    LOG.infof(
                            "%s -> %s, epoch %d%s",
                            moved.from(),
                            moved.to(),
                            moved.epoch(),
                            moved.verdict() == null ? "" : ": " + moved.verdict().reason());
            case Fact.Refused refused ->
                    LOG.error("Not contending: " + Sentences.of(refused.refusal()));
            case Fact.PlanDamaged damaged ->
                    LOG.warn("Not resuming, main() will run: " + damaged.damage());
            case Fact.LockChanged changed -> LOG.infof("JobManager lock: %s", changed.lock());
            case Fact.StartDecided decided ->
                    LOG.infof("Start of epoch %d: %s", decided.epoch(), text(decided.start()));
            case Fact.EndRecorded ended ->
                    LOG.infof(
                            "JobManager process %d ended with %d after %d s: %s",
                            ended.end().number(),
                            ended.end().exitCode(),
                            ended.end().uptimeSeconds(),
                            ended.cause());
            case Fact.Condemned condemned ->
                    LOG.warnf(
                            "The JobManager is to be killed (process %d): %s, %s",
                            condemned.start(), condemned.cause(), condemned.detail());
            case Fact.Stalled stalled ->
                    LOG.warnf("No checkpoint has completed for %d s", stalled.seconds());
            case Fact.MarkedEarly marked ->
                    LOG.infof(
                            "Epoch %d is marked in the storage before its Lease may be taken: the pod of %s is going",
                            marked.epoch(), marked.holder());
            case Fact.HeldByStorage held ->
                    LOG.warnf(
                            "The gate of epoch %d %s by the storage",
                            held.epoch(), held.held() ? "stays open" : "is no longer kept open");
            case Fact.CommittedByStorage committed ->
                    LOG.debugf("Committed by the storage: sequence %d", committed.sequence());
            case Fact.ManifestHealed healed ->
                    LOG.warnf(
                            "The manifest is healed: epoch %d, sequence %d, from the copy of epoch %d, sequence %d",
                            healed.from().epoch(),
                            healed.from().sequence(),
                            healed.copy().epoch(),
                            healed.copy().sequence());
            case Fact.CopiesUnverified unverified ->
                    LOG.warnf("Copies that do not verify: %s", unverified.names());
            case Fact.JobEnded ended -> LOG.infof("Recorded: %s", ended.result());
            default -> {}
        }
    }

    private static String text(Start start) {
        return start instanceof Start.Halt halt
                ? "Halt[reason=%s, code=%s]".formatted(Sentences.of(halt), halt.code())
                : start.toString();
    }

    private static void logFailure(Event event) {
        switch (event) {
            case Event.LeaseFailed failed ->
                    LOG.warnf("Lease: %s (%s)", failed.outcome(), failed.reason());
            case Event.ManifestFailed failed ->
                    LOG.warnf("Manifest: %s (%s)", failed.outcome(), failed.reason());
            case Event.WitnessFailed failed ->
                    LOG.warnf("The storage as witness: %s", failed.reason());
            case Event.PublishFailed failed ->
                    LOG.warnf("Leader addresses: %s (%s)", failed.outcome(), failed.reason());
            default -> {}
        }
    }

    private static void logAnswer(Action action) {
        if (!(action instanceof Action.Answer answer)) {
            return;
        }
        switch (answer.reply()) {
            case Reply.Open open -> {
                if (open.start() != null) {
                    LOG.infof(
                            "Gate open: epoch %d, %d ms left",
                            open.epoch(), open.remainingMillis());
                }
            }
            case Reply.Halt halt ->
                    LOG.infof(
                            "Told a JobManager to halt with %d: %s",
                            halt.code(), Sentences.of(halt.refusal()));
            case Reply.Fenced fenced -> LOG.infof("Fenced a call: %s", fenced.reason());
            case Reply.Refused refused ->
                    LOG.warnf("Refused a change: %s", Sentences.of(refused.refusal()));
            default -> LOG.debug(answer);
        }
    }
}
