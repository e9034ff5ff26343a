package io.flinkha.agent.core.manifest;

/**
 * A run that is over, while something of it may lie in storage.
 *
 * @param path the state that it ended with; empty if there is none, or it was given up
 * @param plan sha256 of its stored plan; empty if there is none
 * @param swept whether all files but those of that state are gone
 */
public record EarlierRun(String jobId, String path, String plan, boolean swept) {

    EarlierRun givenUp() {
        return new EarlierRun(jobId, "", plan, false);
    }

    EarlierRun afterSweep() {
        return new EarlierRun(jobId, path, "", true);
    }

    boolean hasState() {
        return !path.isEmpty();
    }
}
