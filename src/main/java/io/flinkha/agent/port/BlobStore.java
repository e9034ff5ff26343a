package io.flinkha.agent.port;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Objects of a few MiB that never change, by name, below one root. Names have at most one '/'.
 *
 * <p>What fails is told by a {@link StorageFailure} wherever its cause is known. Whether a write
 * that failed has happened is not known.
 */
public interface BlobStore {
    /** No object is longer, so that a caller's memory is bounded. */
    int MAX_BYTES = 4 * 1024 * 1024;

    /**
     * An object as a listing has it.
     *
     * @param modified by the store's clock
     */
    record Blob(String name, long bytes, Instant modified) {}

    /** True if it was written; false if there was one of this name, which stays as it is. */
    boolean putIfAbsent(String name, byte[] content) throws IOException;

    /** Empty if there is none. */
    Optional<byte[]> get(String name) throws IOException;

    /**
     * What lies directly below a directory, which need not exist. A process that died may have left
     * something half-written, whose name begins with a dot.
     */
    List<Blob> list(String directory) throws IOException;

    /** One that is not there is deleted already. */
    void delete(String name) throws IOException;

    /** Where an object is, for people; of {@code ""}, the root. */
    String place(String name);
}
