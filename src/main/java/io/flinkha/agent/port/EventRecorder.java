package io.flinkha.agent.port;

import io.flinkha.agent.core.Notice;

/** Kubernetes Events on this pod's Job, or on the pod where there is none. */
public interface EventRecorder {
    /** Best effort: an Event that cannot be written is a log line. */
    void record(Notice notice);
}
