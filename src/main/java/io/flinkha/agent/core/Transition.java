package io.flinkha.agent.core;

import java.util.List;

/** What a step came to. */
public record Transition(State state, List<Action> actions) {
    public Transition {
        actions = List.copyOf(actions);
    }
}
