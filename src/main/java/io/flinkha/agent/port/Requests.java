package io.flinkha.agent.port;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.gate.Reply;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** Where calls of the JobManager enter; the way in, as the other ports are the ways out. */
public interface Requests {
    /** {@code caller} gets exactly one reply, on a thread that it must not block. */
    void ask(LongFunction<Event> request, Consumer<Reply> caller);
}
