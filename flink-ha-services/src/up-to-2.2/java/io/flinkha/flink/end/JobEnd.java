package io.flinkha.flink.end;

import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.jobmaster.JobResult;

/** How a job ended, which before 2.3 is told in the application's terms. */
final class JobEnd {
    private JobEnd() {}

    static JobStatus of(JobResult result) {
        switch (result.getApplicationStatus()) {
            case SUCCEEDED:
                return JobStatus.FINISHED;
            case CANCELED:
                return JobStatus.CANCELED;
            default:
                return JobStatus.FAILED;
        }
    }
}
