package io.flinkha.agent.core.restart;

import org.jspecify.annotations.Nullable;

/**
 * What a new run starts from. Within a revision a job always goes on from its own state.
 *
 * @param path a checkpoint or savepoint that a person names; it wins once
 * @param nonce tells one naming of a path from the next, so that no restart goes back to it
 */
public record RestorePolicy(
        Strategy strategy, @Nullable String path, String nonce, boolean allowNonRestoredState) {

    /** What a new revision starts from. */
    public enum Strategy {
        /** The newest completed checkpoint of the run before. */
        LATEST_STATE,
        /** Nothing: the state of the run before is left behind. */
        NONE
    }

    public static final RestorePolicy LATEST_STATE =
            new RestorePolicy(Strategy.LATEST_STATE, null, "", false);
}
