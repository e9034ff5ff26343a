package io.flinkha.agent.core;

import java.util.List;

/** What a step came to: the state, what is to be done, and what happened. */
public record Transition(State state, List<Action> actions, List<Fact> facts) {
    public Transition {
        actions = List.copyOf(actions);
        facts = List.copyOf(facts);
    }

    /** One in which nothing happened that anybody tells. */
    public Transition(State state, List<Action> actions) {
        this(state, actions, List.of());
    }
}
