package io.flinkha.agent.core.gate;

/**
 * The JobManager's lock file as the agent last saw it: the only evidence of a JobManager's life or
 * death.
 */
public sealed interface Lock {
    /** Not probed yet. */
    record Unseen() implements Lock {}

    /** Nobody holds it: no JobManager lives in this pod. */
    record Free() implements Lock {}

    /**
     * Held; {@code owner} is the process that wrote its id into it, empty while it is still
     * writing.
     *
     * @param start its number among the processes that its supervisor started; 0 if it has none
     */
    record Held(String owner, long start) implements Lock {
        public Held(String owner) {
            this(owner, 0);
        }
    }
}
