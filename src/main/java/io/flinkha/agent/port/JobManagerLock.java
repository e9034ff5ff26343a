package io.flinkha.agent.port;

import io.flinkha.agent.core.gate.Lock;
import java.io.IOException;

/** The lock file that a JobManager holds from its start to its end. */
public interface JobManagerLock {
    /** Looks, without keeping the lock for longer than that takes. */
    Lock probe() throws IOException;
}
