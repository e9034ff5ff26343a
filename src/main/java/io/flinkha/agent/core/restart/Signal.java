package io.flinkha.agent.core.restart;

/** What the Job controller is told, by a patch of the Job. */
public sealed interface Signal {

    /** Whether the Job says already what this signal wants it to say. */
    boolean isCarriedOut(JobView job);

    /** What it is sent for, for people. */
    String sentence();

    /** The next failed pod is the last one: the pod and its logs stay. */
    record FailJob() implements Signal {
        @Override
        public boolean isCarriedOut(JobView job) {
            return job.backoffLimit() <= job.failed();
        }

        @Override
        public String sentence() {
            return "the Flink job has failed for good: the Job fails with this pod";
        }
    }

    /**
     * {@code activeDeadlineSeconds: 1}: the Job fails whatever its pod does, so this works for a
     * JobManager that never meets the jar.
     */
    record GiveUp() implements Signal {
        @Override
        public boolean isCarriedOut(JobView job) {
            return job.over();
        }

        @Override
        public String sentence() {
            return "the JobManager ended too often (flink-ha.restart.max-failures): the Job is failed";
        }
    }
}
