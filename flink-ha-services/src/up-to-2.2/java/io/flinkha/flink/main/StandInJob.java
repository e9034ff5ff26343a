package io.flinkha.flink.main;

import io.flinkha.flink.process.Run;
import org.apache.flink.api.common.JobID;

/**
 * Before 2.3 the Dispatcher runs what it recovered before main() is called, and waits for its end:
 * a main() that returns at once is all it takes.
 */
final class StandInJob {
    private StandInJob() {}

    static JobID execute(Run run) {
        return run.jobId();
    }

    /** There is nothing to warm. */
    static void warmUp() {}
}
