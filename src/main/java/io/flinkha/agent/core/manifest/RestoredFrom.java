package io.flinkha.agent.core.manifest;

import java.util.List;

/**
 * What a run was restored from. Kept apart from the run's own checkpoints: unless it was claimed,
 * Flink does not own these files.
 *
 * @param completedAt milliseconds since 1970, 0 if that is not known
 * @param older checkpoints of the same run, newest first, that may take the place of {@code path}
 *     where that is allowed. Until this run has a checkpoint of its own, nobody else names them
 */
public record RestoredFrom(
        String path,
        ClaimMode claimMode,
        boolean allowNonRestoredState,
        long completedAt,
        List<String> older) {

    public RestoredFrom(
            String path, ClaimMode claimMode, boolean allowNonRestoredState, long completedAt) {
        this(path, claimMode, allowNonRestoredState, completedAt, List.of());
    }

    RestoredFrom withoutOlder() {
        return new RestoredFrom(path, claimMode, allowNonRestoredState, completedAt);
    }

    /** Where an older checkpoint took the place. */
    RestoredFrom at(String opened) {
        List<String> after = older.subList(older.indexOf(opened) + 1, older.size());
        return new RestoredFrom(opened, claimMode, allowNonRestoredState, 0, after);
    }

    /** Whether a path is this state, however it is spelt. */
    boolean is(String other) {
        return isOne(path, other);
    }

    /** Whether two paths are of one state, however they are spelt. */
    public static boolean isOne(String path, String other) {
        return directory(path).equals(directory(other));
    }

    private static String directory(String path) {
        return path.replaceFirst("^file:/+", "/")
                .replaceFirst("/_metadata$", "")
                .replaceFirst("/+$", "");
    }

    /** Who owns the files of a state once it was restored; Flink's own words. */
    public enum ClaimMode {
        /** Flink never deletes them; the first own checkpoint needs none of them. */
        NO_CLAIM,
        /** Flink deletes them as it does with its own. */
        CLAIM
    }
}
