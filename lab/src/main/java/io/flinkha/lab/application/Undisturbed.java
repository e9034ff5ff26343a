package io.flinkha.lab.application;

import io.flinkha.lab.report.Row;

/** What is seen after a fault that the job should not have noticed. */
public record Undisturbed(
        boolean sameJobManager,
        boolean runs,
        long failedCheckpoints,
        int taskFailures,
        long processingGapMillis,
        long epochBefore,
        long epochAfter) {

    /** Same process, same epoch, checkpoints go on. */
    public Row claim(Row row) {
        return row.claim("the JobManager lived on", sameJobManager)
                .claim("the job runs", runs)
                .claim("no task failed", taskFailures == 0)
                .claim("no checkpoint failed", failedCheckpoints == 0)
                .claim("the same epoch", epochAfter == epochBefore);
    }
}
