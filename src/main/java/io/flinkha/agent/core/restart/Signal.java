package io.flinkha.agent.core.restart;

import io.flinkha.agent.core.manifest.Parked;
import org.jspecify.annotations.Nullable;

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
     * {@code suspend: true}: the pod goes, and another one comes when a person resumes the Job.
     *
     * @param intent as it stands in the manifest; null until it does, and nothing is sent before
     */
    record Park(@Nullable Parked intent) implements Signal {
        @Override
        public boolean isCarriedOut(JobView job) {
            return job.suspended() || job.isResuming() || isResumed(job);
        }

        /**
         * Not the intent, and not a new pod, which may have come because the signal was lost: the
         * Job itself says that it was resumed after this.
         */
        public boolean isResumed(JobView job) {
            return intent != null
                    && intent.jobUid().equals(job.uid())
                    && !job.suspended()
                    && job.resumedAt() != null
                    && !job.resumedAt().equals(intent.resumedAt());
        }

        @Override
        public String sentence() {
            return "the Flink job has failed for good: the Job is suspended until somebody sets its suspend to false, and goes on from the latest state then";
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
