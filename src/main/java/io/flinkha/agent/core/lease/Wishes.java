package io.flinkha.agent.core.lease;

/**
 * What people want of the agents. They write it on the Lease, so Kubernetes decides who may, it
 * outlives every process, and a leader sees it with its next renewal without a request more.
 *
 * @param paused why and since when automation is off; empty if it is not
 * @param stepDown the epoch that is to be given up, 0 for none: no later one is meant
 * @param restoreFrom a checkpoint or savepoint; empty for none
 * @param restoreAfter the run that starts from it is the first one of an epoch above this
 */
public record Wishes(String paused, long stepDown, String restoreFrom, long restoreAfter) {
    public static final Wishes NONE = new Wishes("", 0, "", 0);

    public Wishes withPaused(String since) {
        return new Wishes(since, stepDown, restoreFrom, restoreAfter);
    }

    public Wishes withStepDown(long epoch) {
        return new Wishes(paused, epoch, restoreFrom, restoreAfter);
    }

    public Wishes withRestore(String from, long after) {
        return new Wishes(paused, stepDown, from, after);
    }

    public boolean isPaused() {
        return !paused.isEmpty();
    }

    /**
     * Whether this epoch is to end now; nobody who has not claimed one yet is meant. What ends
     * while paused would not begin again.
     */
    public boolean end(long epoch) {
        return stepDown > 0 && stepDown == epoch && !isPaused();
    }

    /**
     * Whether an epoch is to start from that state, unless the run that did so is there already.
     *
     * @param runBegan the epoch in which the newest run began, 0 if there is none
     */
    public boolean restore(long epoch, long runBegan) {
        return !restoreFrom.isEmpty() && epoch > restoreAfter && runBegan <= restoreAfter;
    }
}
