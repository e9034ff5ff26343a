package io.flinkha.flink.plan;

import java.util.Collection;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.cache.DistributedCache.DistributedCacheEntry;
import org.apache.flink.runtime.blob.PermanentBlobKey;

/** What is asked of a plan, whose type has another name on other lines. */
final class PlanView {
    final JobID jobId;
    final String name;
    final Collection<PermanentBlobKey> jars;
    final Map<String, DistributedCacheEntry> artifacts;

    PlanView(
            JobID jobId,
            String name,
            Collection<PermanentBlobKey> jars,
            Map<String, DistributedCacheEntry> artifacts) {
        this.jobId = jobId;
        this.name = name;
        this.jars = jars;
        this.artifacts = artifacts;
    }
}
