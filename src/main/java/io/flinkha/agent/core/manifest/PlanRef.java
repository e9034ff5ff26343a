package io.flinkha.agent.core.manifest;

/** A stored job graph, named by the sha256 (hex) of its bytes. */
public record PlanRef(String sha256, long bytes) {}
