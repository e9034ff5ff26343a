package io.flinkha.flink.plan;

import io.flinkha.flink.process.GrantedRun;
import java.io.File;
import java.io.IOException;
import org.apache.flink.api.common.ApplicationID;
import org.apache.flink.runtime.blob.BlobKey;
import org.apache.flink.runtime.blob.BlobStoreService;

/** Applications have blobs, too: of session clusters only. */
public final class LineBlobs extends KeptBlobs {
    public LineBlobs(BlobStoreService blobs, GrantedRun granted) {
        super(blobs, granted);
    }

    @Override
    public boolean put(File localFile, ApplicationID applicationId, BlobKey blobKey)
            throws IOException {
        return blobs.put(localFile, applicationId, blobKey);
    }

    @Override
    public boolean get(ApplicationID applicationId, BlobKey blobKey, File localFile)
            throws IOException {
        return blobs.get(applicationId, blobKey, localFile);
    }

    @Override
    public boolean delete(ApplicationID applicationId, BlobKey blobKey) {
        return blobs.delete(applicationId, blobKey);
    }

    @Override
    public boolean deleteAll(ApplicationID applicationId) {
        return blobs.deleteAll(applicationId);
    }
}
