package io.flinkha.agent.contract;

import io.flinkha.agent.core.State;
import io.flinkha.agent.port.AgentView;
import io.flinkha.agent.port.Takeover;
import java.time.Duration;
import java.util.List;

/** An agent that stands still. */
public record FakeAgentView(
        State state, Duration idle, boolean warmStandby, int failures, List<Takeover> takeovers)
        implements AgentView {}
