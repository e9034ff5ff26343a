package io.flinkha.flink.end;

import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.jobmaster.JobResult;

/** How a job ended. */
final class JobEnd {
    private JobEnd() {}

    static JobStatus of(JobResult result) {
        return result.getJobStatus().orElse(JobStatus.FAILED);
    }
}
