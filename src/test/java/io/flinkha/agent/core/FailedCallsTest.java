package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.flinkha.agent.core.gate.Reply;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
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

    /** As a proxy in its place says of everything, or because somebody has deleted it. */
    @Test
    void leaseThatIsSaidNotToBeThereEndsNobody() {
        Bench leader = WitnessTest.leader();
        for (int i = 0; i < 600; i++) {
            leader.pass(200).tick();
            for (Action action : List.copyOf(leader.pending)) {
                Event answer =
                        action instanceof Action.ReadLease read
                                ? new Event.LeaseRead(read.call(), null)
                                : action instanceof Action.CreateEmptyLease create
                                        ? new Event.LeaseFailed(
                                                create.call(), Outcome.NOT_FOUND, "")
                                        : failure(action, Outcome.NOT_FOUND);
                if (answer != null) {
                    leader.pending.remove(action);
                    leader.step(answer);
                }
            }
            leader.probe();
            leader.answerStorage();
            if (i % 10 == 0) {
                assertInstanceOf(Reply.Open.class, leader.poll("jm-1", 1));
            }
        }
        assertNull(leader.state.verdict());
    }

    /** The holder cannot renew either, and must have the time to once it can. */
    @Test
    void apiServerThatOnlyReadsIsTriedSeldom() {
        Bench leader = WitnessTest.leader();
        Bench other = WitnessTest.other(leader);
        int tries = 0;
        for (int i = 0; i < 600; i++) {
            other.pass(200).tick();
            while (!other.pending.isEmpty()) {
                if (other.pending.getFirst() instanceof Action.WriteLease write) {
                    tries++;
                    other.pending.remove(write);
                    other.step(new Event.LeaseFailed(write.call(), Outcome.UNKNOWN, "no space"));
                } else {
                    other.answer(other.pending.getFirst());
                }
            }
        }
        assertEquals(7, tries, "once in a Lease's duration of 15 s");
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
