package io.flinkha.flink.plan;

import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.process.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.cache.DistributedCache.DistributedCacheEntry;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.blob.BlobKey;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesUtils;
import org.apache.flink.util.InstantiationUtil;

/** Looks for the jars and artifacts that a stored plan refers to, before Flink trusts in them. */
public final class PlanBlobs {
    private final Configuration configuration;
    private final Halt halt;

    public PlanBlobs(Configuration configuration, Halt halt) {
        this.configuration = configuration;
        this.halt = halt;
    }

    /** Says what is missing, if anything is. */
    Optional<String> missing(Run run, PlanView plan) {
        try {
            Path storage =
                    HighAvailabilityServicesUtils.getClusterHighAvailableStoragePath(configuration);
            Path blobs = new Path(storage, "blob/job_" + run.jobId().toHexString());
            for (BlobKey key : keys(plan)) {
                Path blob = new Path(blobs, "blob_" + key);
                if (!blob.getFileSystem().exists(blob)) {
                    return Optional.of(blob + ", which is not there");
                }
            }
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            throw halt.now(
                    Halt.FAILED_START,
                    "the storage of the stored plan's jars does not answer, the start is tried"
                            + " again: "
                            + e);
        } catch (ClassNotFoundException e) {
            return Optional.of("an artifact whose key cannot be read: " + e);
        }
    }

    private static List<BlobKey> keys(PlanView plan) throws IOException, ClassNotFoundException {
        List<BlobKey> keys = new ArrayList<>(plan.jars);
        for (DistributedCacheEntry artifact : plan.artifacts.values()) {
            if (artifact.blobKey != null) {
                BlobKey key =
                        InstantiationUtil.deserializeObject(
                                artifact.blobKey, PlanBlobs.class.getClassLoader());
                keys.add(key);
            }
        }
        return keys;
    }
}
