package io.flinkha.agent.runtime;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Transition;

/** Sees each step, on the loop's thread: it must not block. */
public interface LoopListener {
    void stepped(Event event, Transition transition);
}
