package io.flinkha.agent.core.restart;

import org.jspecify.annotations.Nullable;

/**
 * What the supervisor of the JobManager's container goes by until it is told otherwise.
 *
 * @param hold no process is started: a person has paused automation
 * @param yields one is started only after a moment: the pod that stands by takes over, and a JVM
 *     that starts beside it would take its processors
 * @param end the job is over, and that is recorded: a process that exits with 0 or 163 is the last
 *     one; null while it is not
 */
public record Standing(boolean hold, boolean yields, @Nullable ExitCode end) {

    public Standing withYields(boolean yields) {
        return new Standing(hold, yields, end);
    }
}
