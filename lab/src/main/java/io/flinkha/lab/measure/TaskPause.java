package io.flinkha.lab.measure;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/** How long a TaskManager's tasks stood still, from its log: for jobs that leave no pulses. */
public final class TaskPause {
    private static final Pattern STOPPED =
            Pattern.compile("switched from RUNNING to (FAILED|CANCELING)");
    private static final Pattern RUNNING = Pattern.compile("switched from INITIALIZING to RUNNING");

    private TaskPause() {}

    public static long millis(FlinkLog taskManager, long from) {
        OptionalLong stopped = taskManager.firstAfter(from, STOPPED);
        OptionalLong running = taskManager.lastAfter(from, RUNNING);
        return stopped.isPresent() && running.isPresent()
                ? running.getAsLong() - stopped.getAsLong()
                : 0;
    }
}
