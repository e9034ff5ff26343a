package io.flinkha.flink.plan;

import io.flinkha.flink.process.Run;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.blob.BlobStoreService;

/** Before 2.3 all blobs belong to jobs. */
public final class LineBlobs extends KeptBlobs {
    public LineBlobs(BlobStoreService blobs, CompletableFuture<Run> granted) {
        super(blobs, granted);
    }
}
