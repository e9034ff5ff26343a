package io.flinkha.flink.fake;

import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.clusterframework.ApplicationStatus;
import org.apache.flink.runtime.jobmaster.JobResult;

/** A job's end, told as this line does. */
public final class EndedJob {
    private EndedJob() {}

    public static JobResult.Builder as(JobStatus status) {
        return new JobResult.Builder()
                .applicationStatus(ApplicationStatus.fromJobStatus(status))
                .netRuntime(1);
    }
}
