package io.flinkha.agent.core;

/**
 * When the event loop took an event: {@code nanos} of the monotonic clock, for every decision, and
 * {@code wallMillis} of the wall clock, only for what people read.
 */
public record Moment(long nanos, long wallMillis) {}
