package io.flinkha.agent.core;

import io.flinkha.agent.core.gate.Reply;

/**
 * A request that is answered with {@code reply} once the manifest's {@code edit} was seen
 * committed.
 */
public record Waiter(long request, long edit, Reply reply, long since) {}
