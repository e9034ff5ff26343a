package io.flinkha.lab.measure;

import java.util.regex.Pattern;

/** What a starting JobManager goes through, as its log tells it. */
public enum StartPhase {
    ENTRY_POINT("entry point", "Starting StandaloneApplicationClusterEntryPoint"),
    LEADERSHIP("leadership granted", "was granted leadership with"),
    PLAN("plan recovered", "Successfully recovered \\d+ persisted"),
    TASK_MANAGER("TaskManager registered", "Registering TaskManager with ResourceID"),
    RESTORED("checkpoint restored", "Restoring job .* from (Checkpoint|Savepoint)"),
    /** Seen once for each task; the phase ends with the last of them. */
    RUNNING("tasks running", "switched from INITIALIZING to RUNNING");

    private final String title;
    private final Pattern pattern;

    StartPhase(String title, String pattern) {
        this.title = title;
        this.pattern = Pattern.compile(pattern);
    }

    public String title() {
        return title;
    }

    public Pattern pattern() {
        return pattern;
    }
}
