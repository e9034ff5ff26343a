package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Incarnation;
import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Transition;

/** Stands before the production step: changes what it sees, what it knows, or what came of it. */
interface Rewrite {
    default Event event(State state, Moment moment, Event event) {
        return event;
    }

    default State before(State state, Moment moment, Event event) {
        return state;
    }

    default Transition after(State before, Transition transition, Settings settings) {
        return transition;
    }

    /** One for each agent process, so that it may remember something. */
    interface Maker {
        Rewrite make();
    }

    static Mutation mutation(Maker maker) {
        return new Mutation() {
            @Override
            public Machine wrap(Machine real, Settings settings, Incarnation me) {
                Rewrite rewrite = maker.make();
                return (state, moment, event) -> {
                    Event seen = rewrite.event(state, moment, event);
                    State known = rewrite.before(state, moment, seen);
                    return rewrite.after(known, real.step(known, moment, seen), settings);
                };
            }
        };
    }
}
