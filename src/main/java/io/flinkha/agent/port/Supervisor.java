package io.flinkha.agent.port;

import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.Standing;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The program in the JobManager's container that starts its processes and writes down their ends.
 */
public interface Supervisor {
    /** Oldest first; none where no process has ended, or there is no supervisor. */
    List<ProcessEnd> ends() throws IOException;

    /**
     * Has the process with this number killed, and nothing if another one runs. It comes to nothing
     * where nobody reads the order: who gave it sees by the lock.
     *
     * @return a sentence if it could not be given
     */
    Optional<String> kill(long start);

    void tell(Standing standing) throws IOException;
}
