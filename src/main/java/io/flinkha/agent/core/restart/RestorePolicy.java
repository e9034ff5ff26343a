package io.flinkha.agent.core.restart;

import io.flinkha.agent.core.manifest.RestoredFrom.ClaimMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a new run starts from. Within a revision a job always goes on from its own state.
 *
 * @param path a checkpoint or savepoint that a person names; it wins once
 * @param nonce tells one naming of a path from the next, so that no restart goes back to it
 * @param maxAge of a state that nobody named, for a new revision; null for any
 * @param allowOlderCheckpoint whether an older retained one may take the place of one that is gone
 * @param keepPreviousRuns of so many earlier runs the last state is kept
 */
public record RestorePolicy(
        Strategy strategy,
        @Nullable String path,
        String nonce,
        boolean allowNonRestoredState,
        ClaimMode claimMode,
        @Nullable Duration maxAge,
        boolean allowOlderCheckpoint,
        int keepPreviousRuns) {

    /** What a new revision starts from. */
    public enum Strategy {
        /** The newest completed checkpoint of the run before. */
        LATEST_STATE,
        /** The newest savepoint of this cluster-id. */
        LATEST_SAVEPOINT,
        /** Nothing: the state of the run before is left behind. */
        NONE
    }

    public static final RestorePolicy LATEST_STATE = by(Strategy.LATEST_STATE);

    /** By this strategy, with nothing else said. */
    public static RestorePolicy by(Strategy strategy) {
        return new RestorePolicy(strategy, null, "", false, ClaimMode.NO_CLAIM, null, false, 1);
    }
}
