package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.flinkha.agent.core.gate.Reply;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an API server answers for minutes that does not do what it is asked for. */
@NullMarked
class FailedCallsTest {
    /** Only what was read ends a leader: another holder, a higher epoch. */
    @ParameterizedTest
    @EnumSource
    void eachFailureOfTheApiServerIsUnknown(Outcome outcome) {
        Bench leader = WitnessTest.leader();
        for (int i = 0; i < 600; i++) {
            leader.pass(200).tick();
            for (Action action : List.copyOf(leader.pending)) {
                Event failure = failure(action, outcome);
                if (failure != null) {
                    leader.pending.remove(action);
                    leader.step(failure);
                }
            }
            leader.probe();
            leader.answerStorage();
            if (i % 10 == 0) {
                assertInstanceOf(Reply.Open.class, leader.poll("jm-1", 1));
            }
        }
        assertEquals(Phase.LEADING, leader.state.phase());
        assertEquals(1, leader.epoch());
    }

    private static @Nullable Event failure(Action action, Outcome outcome) {
        return switch (action) {
            case Action.ReadLease a -> new Event.LeaseFailed(a.call(), outcome, "");
            case Action.WriteLease a -> new Event.LeaseFailed(a.call(), outcome, "");
            case Action.ReadManifest a -> new Event.ManifestFailed(a.call(), outcome, "");
            case Action.WriteManifest a -> new Event.ManifestFailed(a.call(), outcome, "");
            case Action.Publish a -> new Event.PublishFailed(a.call(), outcome, "");
            default -> null;
        };
    }
}
