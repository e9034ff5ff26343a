package io.flinkha.agent.core.manifest;

/**
 * A run that is over, while something of it may lie in storage.
 *
 * @param path the state that it ended with; empty if it had none of its own
 * @param plan sha256 of its stored plan; empty if there is none
 * @param retired whether that state may be deleted
 * @param swept whether all files but those of a state that is kept are gone
 */
public record EarlierRun(String jobId, String path, String plan, boolean retired, boolean swept) {

    EarlierRun retire() {
        return new EarlierRun(jobId, path, plan, true, false);
    }

    EarlierRun at(String newPath) {
        return new EarlierRun(jobId, newPath, plan, retired, swept);
    }

    EarlierRun afterSweep() {
        return new EarlierRun(jobId, path, "", retired, true);
    }

    /** Whether it has a state that stays. */
    public boolean isKept() {
        return !path.isEmpty() && !retired;
    }
}
