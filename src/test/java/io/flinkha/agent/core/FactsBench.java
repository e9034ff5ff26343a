package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

/** A state, one that a test sets off from it, and what is told of the step between the two. */
abstract class FactsBench {
    final State before = State.initial();
    final State after = State.initial();

    final List<Fact> facts() {
        return facts(new Event.Tick());
    }

    final List<Fact> facts(Event event) {
        return Facts.of(before, event, after, List.of());
    }

    final void assertOnce(Fact fact) {
        assertEquals(List.of(fact), facts());
        assertEquals(List.of(), Facts.of(after, new Event.Tick(), after, List.of()));
    }
}
