package io.flinkha.agent.core.restart;

/** What becomes of the Kubernetes Job when its Flink job has failed for good. */
public enum OnFailed {
    /** It fails, and keeps the pod with its logs. */
    FAIL,
    /** It is suspended; once a person resumes it, the job goes on from its latest state. */
    PARK
}
