package io.flinkha.flink;

import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.blob.BlobStoreService;

/** Before 2.3 all blobs belong to jobs. */
final class LineBlobs extends KeptBlobs {
    LineBlobs(BlobStoreService blobs, CompletableFuture<Run> granted) {
        super(blobs, granted);
    }
}
