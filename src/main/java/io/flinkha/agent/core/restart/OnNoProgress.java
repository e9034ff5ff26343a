package io.flinkha.agent.core.restart;

/** What becomes of a JobManager of whose job no checkpoint completes. */
public enum OnNoProgress {
    REPORT,
    /** It is ended, and the end counts. */
    RESTART
}
