package io.flinkha.agent.core.manifest;

/**
 * What a run was restored from. Kept apart from the run's own checkpoints: unless it was claimed,
 * Flink does not own these files.
 *
 * @param completedAt milliseconds since 1970, 0 if that is not known
 */
public record RestoredFrom(
        String path, ClaimMode claimMode, boolean allowNonRestoredState, long completedAt) {

    /** Who owns the files of a state once it was restored; Flink's own words. */
    public enum ClaimMode {
        /** Flink never deletes them; the first own checkpoint needs none of them. */
        NO_CLAIM,
        /** Flink deletes them as it does with its own. */
        CLAIM
    }
}
