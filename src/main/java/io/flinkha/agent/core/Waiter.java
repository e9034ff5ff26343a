package io.flinkha.agent.core;

import io.flinkha.agent.core.gate.Reply;

/**
 * A request that is answered with {@code reply} once the manifest's {@code edit} was seen
 * committed.
 *
 * @param end the JobManager ends on this answer: what the Job has to be told is told before
 */
public record Waiter(long request, long edit, Reply reply, long since, boolean end) {}
