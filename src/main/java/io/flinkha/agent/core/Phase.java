package io.flinkha.agent.core;

/**
 * Where an agent process stands. It goes down this list; only a new epoch leads from the last four
 * back to CLAIMING.
 */
public enum Phase {
    /** Watches the Lease, may not lead. */
    CONTENDING,
    /** Holds a Lease whose epoch its own JobManager already serves; renews it before it goes on. */
    REATTACHING,
    /**
     * Holds the Lease of an epoch that the manifest does not know yet, or that is not confirmed
     * yet.
     */
    CLAIMING,
    /**
     * The epoch is claimed and confirmed; the gate opens as soon as a JobManager has registered.
     */
    OPENING,
    /** The JobManager confirmed and its addresses are published. */
    LEADING,
    /** The gate is closed; waits for the JobManager's death to release the Lease. */
    STEPPING_DOWN,
    /** Over. The process exits. */
    TERMINATED
}
