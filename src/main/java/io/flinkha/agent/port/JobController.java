package io.flinkha.agent.port;

import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.Signal;
import java.util.Optional;

/** The Kubernetes Job that runs this pod. */
public interface JobController {
    /** A quorum read; empty if the Job does not exist. */
    Result<Optional<JobView>> read();

    /**
     * Patches the Job, and returns what it says then. {@code seen} is what was read last: a Job of
     * another UID or version by now is a conflict, so that nobody's change is overwritten unread.
     */
    Result<JobView> send(Signal signal, JobView seen);
}
