package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Incarnation;
import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Transition;
import java.util.List;
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

    /** Whether the mark that lies there then is the caller's. */
    default boolean putMark(SimStore store, Action.PutMark put) {
        return store.putMark(put.epoch(), put.by());
    }

    default Event readCopies(SimStore store, Action.ReadCopies read, String by) {
        return new Event.CopiesRead(read.call(), store.newestCopy(), List.of());
    }

    default boolean lapses(Lapse lapse) {
        return false;
    }
}
