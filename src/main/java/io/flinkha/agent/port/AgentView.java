package io.flinkha.agent.port;

import io.flinkha.agent.core.State;
import java.time.Duration;
import java.util.List;

/** A look at the running agent, for probes and status; safe from any thread. */
public interface AgentView {
    State state();

    /** For how long the loop has not turned. */
    Duration idle();

    /**
     * For how long this pod's JobManager may still lead, by the time it is now: a loop that hangs
     * does not keep a gate open. Zero if it does not lead.
     */
    default Duration gateRemaining() {
        State state = state();
        Duration remaining = Duration.ofNanos(state.gate().until() - state.now()).minus(idle());
        return state.servesThisEpoch() && remaining.isPositive() ? remaining : Duration.ZERO;
    }

    boolean warmStandby();

    /** Ends of this pod's JobManager that count against the Job's budget now. */
    int failures();

    /** The last epochs that this process began, newest first. */
    List<Takeover> takeovers();
}
