package io.flinkha.agent.core;

/**
 * Why an agent process gave up leading, set once.
 *
 * @param cause the kind of end
 * @param reason one sentence for log, Event and HALT answer
 */
public record Verdict(Cause cause, String reason) {

    public enum Cause {
        /** Another holder has the Lease, or it could not be renewed in time. */
        LOST,
        /** A higher epoch was found in the manifest or in the leader ConfigMap. */
        FENCED,
        /** The process was asked to end. */
        STOPPED,
        /** A person asked the leader of this epoch to step down. */
        ASKED,
        /** An invariant did not hold, or a port failed in a way that has no name. */
        BROKEN
    }

    /** What the agent's own process exits with; the kubelet restarts it after anything but 0. */
    public int exitCode() {
        return switch (cause) {
            case STOPPED -> 0;
            case LOST, FENCED, ASKED -> 75;
            case BROKEN -> 70;
        };
    }
}
