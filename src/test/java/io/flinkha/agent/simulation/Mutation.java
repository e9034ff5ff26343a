package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Incarnation;
import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Transition;
import org.jspecify.annotations.Nullable;

/** A rule switched off, around the production code and never in it. */
interface Mutation {
    Mutation NONE = new Mutation() {};

    /** {@code AgentMachine.step}, or something that stands before it. */
    interface Machine {
        Transition step(State state, Moment moment, Event event);
    }

    default Machine wrap(Machine real, Settings settings, Incarnation me) {
        return real;
    }

    default @Nullable Event perform(SimApiServer api, Action action, Incarnation me) {
        return api.perform(action);
    }

    default boolean lapses(Lapse lapse) {
        return false;
    }
}
