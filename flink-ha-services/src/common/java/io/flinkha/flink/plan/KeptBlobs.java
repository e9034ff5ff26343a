package io.flinkha.flink.plan;

import io.flinkha.flink.process.GrantedRun;
import io.flinkha.flink.process.Run;
import java.io.File;
import java.io.IOException;
import java.util.function.Predicate;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.blob.BlobKey;
import org.apache.flink.runtime.blob.BlobStoreService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink's blob store, which deletes only what no stored plan needs any more.
 *
 * <p>Flink cleans up after a submission or a main() that failed, too. The plan that the next start
 * resumes refers to these jars.
 */
public abstract class KeptBlobs implements BlobStoreService {
    private static final Logger LOG = LoggerFactory.getLogger(KeptBlobs.class);

    final BlobStoreService blobs;
    private final GrantedRun granted;

    KeptBlobs(BlobStoreService blobs, GrantedRun granted) {
        this.blobs = blobs;
        this.granted = granted;
    }

    @Override
    public boolean deleteAll(JobID jobId) {
        if (is(run -> run.isResultAcknowledged() || !run.jobId().equals(jobId))) {
            return blobs.deleteAll(jobId);
        }
        LOG.info("The blobs of job {} stay: no end of it is recorded.", jobId);
        return true;
    }

    @Override
    public void cleanupAllData() {
        if (is(Run::isDiscarded)) {
            blobs.cleanupAllData();
        } else {
            LOG.info("The blobs of this cluster-id stay: its job may go on.");
        }
    }

    private boolean is(Predicate<Run> condition) {
        Run run = granted.orNull();
        return run != null && condition.test(run);
    }

    @Override
    public boolean put(File localFile, JobID jobId, BlobKey blobKey) throws IOException {
        return blobs.put(localFile, jobId, blobKey);
    }

    @Override
    public boolean delete(JobID jobId, BlobKey blobKey) {
        return blobs.delete(jobId, blobKey);
    }

    @Override
    public boolean get(JobID jobId, BlobKey blobKey, File localFile) throws IOException {
        return blobs.get(jobId, blobKey, localFile);
    }

    @Override
    public void close() throws IOException {
        blobs.close();
    }
}
