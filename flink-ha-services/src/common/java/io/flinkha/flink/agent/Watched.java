package io.flinkha.flink.agent;

import java.util.Optional;
import java.util.OptionalLong;

/** What this process has seen of itself, told with each poll of the gate. */
public final class Watched {
    /** Nothing is known yet. */
    public static final Watched NOTHING = new Watched(Optional.empty(), OptionalLong.empty());

    private final Optional<String> hung;
    private final OptionalLong progressMillis;

    /**
     * @param hung one sentence: what has not answered, and for how long
     * @param progressMillis within how long a checkpoint is to complete; 0 where none is to
     */
    public Watched(Optional<String> hung, OptionalLong progressMillis) {
        this.hung = hung;
        this.progressMillis = progressMillis;
    }

    public Optional<String> hung() {
        return hung;
    }

    public OptionalLong progressMillis() {
        return progressMillis;
    }
}
