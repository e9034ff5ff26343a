package io.flinkha.agent.core.manifest;

/** One line of the history: who began to lead, when (ISO-8601) and why. */
public record Leadership(long epoch, String holder, String time, String reason) {}
