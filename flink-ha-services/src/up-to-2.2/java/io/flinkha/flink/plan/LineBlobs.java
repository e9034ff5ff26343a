package io.flinkha.flink.plan;

import io.flinkha.flink.process.GrantedRun;
import org.apache.flink.runtime.blob.BlobStoreService;

/** Before 2.3 all blobs belong to jobs. */
public final class LineBlobs extends KeptBlobs {
    public LineBlobs(BlobStoreService blobs, GrantedRun granted) {
        super(blobs, granted);
    }
}
