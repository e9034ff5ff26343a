package io.flinkha.agent.core.manifest;

/**
 * One run of the job, from its main() to its end, over any number of failovers.
 *
 * @param jobId 32 hex digits, new and random for each run
 * @param jobName empty until the plan is stored
 * @param epoch the leadership that started it
 */
public record Run(String jobId, String jobName, long epoch) {
    public Run named(String name) {
        return new Run(jobId, name, epoch);
    }
}
