package io.flinkha.lab.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How to start one process. In the command, {@code @LOG@} stands for the log file of the start,
 * without what {@code FLINK_HA_START} says of its number, and {@code .log}: each start has one of
 * its own, so that a time in it belongs to one process.
 */
public record ChildSpec(
        String name,
        List<String> command,
        Map<String, String> environment,
        Path workingDirectory,
        Path logDirectory,
        Restart restart) {

    /** What the kubelet does when the process ends by itself. */
    public enum Restart {
        NEVER,
        /**
         * A JobManager: again, unless it says that its job is over (0) or failed for good (163).
         */
        UNLESS_JOB_IS_OVER,
        /** A sidecar: always again. */
        ALWAYS;

        boolean after(int exitCode) {
            return switch (this) {
                case NEVER -> false;
                case UNLESS_JOB_IS_OVER -> exitCode != 0 && exitCode != 163;
                case ALWAYS -> true;
            };
        }
    }
}
