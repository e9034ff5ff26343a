package io.flinkha.agent.port;

import io.flinkha.agent.core.State;
import java.time.Duration;

/** A look at the running agent, for probes and status; safe from any thread. */
public interface AgentView {
    State state();

    /** For how long the loop has not turned. */
    Duration idle();

    boolean warmStandby();
}
