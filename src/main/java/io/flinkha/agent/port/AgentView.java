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
        State.GateState gate = state.gate();
        boolean served = gate.served() != null && gate.servedEpoch() == state.lease().epoch();
        Duration remaining = Duration.ofNanos(gate.until() - state.now()).minus(idle());
        return served && remaining.isPositive() ? remaining : Duration.ZERO;
    }

    boolean warmStandby();

    /** Ends of this pod's JobManager that count against the Job's budget now. */
    int failures();

    /** The last epochs that this process began, newest first. */
    List<Takeover> takeovers();
}
