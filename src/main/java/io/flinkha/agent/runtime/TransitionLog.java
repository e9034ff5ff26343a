package io.flinkha.agent.runtime;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.gate.Reply;
import java.util.Objects;
import org.jboss.logging.Logger;

/** One line for whatever a person would want to know afterwards. */
public final class TransitionLog implements LoopListener {
    private static final Logger LOG = Logger.getLogger("io.flinkha.agent");

    @Override
    public void stepped(State before, Event event, Transition transition) {
        State after = transition.state();
        if (before.phase() != after.phase() || before.lease().epoch() != after.lease().epoch()) {
            LOG.infof(
                    "%s -> %s, epoch %d%s",
                    before.phase(),
                    after.phase(),
                    after.lease().epoch(),
                    after.verdict() == null ? "" : ": " + after.verdict().reason());
        }
        if (after.refusal() != null && !after.refusal().equals(before.refusal())) {
            LOG.error("Not contending: " + after.refusal());
        }
        if (after.gate().planDamage() != null
                && !after.gate().planDamage().equals(before.gate().planDamage())) {
            LOG.warn("Not resuming, main() will run: " + after.gate().planDamage());
        }
        if (!before.gate().lock().equals(after.gate().lock())) {
            LOG.infof("JobManager lock: %s", after.gate().lock());
        }
        if (after.gate().start() != null
                && !Objects.equals(before.gate().start(), after.gate().start())) {
            LOG.infof("Start of epoch %d: %s", after.lease().epoch(), after.gate().start());
        }
        if (after.manifest().committed() != null
                && before.manifest().committed() != null
                && after.manifest().committed().result() != null
                && before.manifest().committed().result() == null) {
            LOG.infof("Recorded: %s", after.manifest().committed().result());
        }
        logFailure(event);
        for (Action action : transition.actions()) {
            logAnswer(action);
        }
    }

    private static void logFailure(Event event) {
        switch (event) {
            case Event.LeaseFailed failed ->
                    LOG.warnf("Lease: %s (%s)", failed.outcome(), failed.reason());
            case Event.ManifestFailed failed ->
                    LOG.warnf("Manifest: %s (%s)", failed.outcome(), failed.reason());
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
                    LOG.infof("Told a JobManager to halt with %d: %s", halt.code(), halt.reason());
            case Reply.Fenced fenced -> LOG.infof("Fenced a call: %s", fenced.reason());
            case Reply.Refused refused -> LOG.warnf("Refused a change: %s", refused.reason());
            default -> LOG.debug(answer);
        }
    }
}
