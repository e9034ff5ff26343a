package io.flinkha.agent.port;

import io.flinkha.agent.core.manifest.PlanRef;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Immutable objects named by their content. Streams only: an object may be larger than the memory
 * of this process.
 *
 * <p>Not there and not readable are different things: the first is an empty Optional, the second an
 * {@link IOException}.
 */
public interface BlobStore {

    /** Takes the bytes of one object; nothing is visible before {@link #commit}. */
    interface Writer extends AutoCloseable {
        void write(byte[] bytes) throws IOException;

        /**
         * Makes it durable and visible under its sha256; an object that is there already stays as
         * it is.
         */
        PlanRef commit() throws IOException;

        /** Throws away what was not committed. */
        @Override
        void close() throws IOException;
    }

    Writer create() throws IOException;

    /** The stored bytes as they are; whoever reads them checks the digest. */
    Optional<InputStream> open(PlanRef ref) throws IOException;

    /**
     * Why the object is not what {@code ref} says, in one sentence with its name; empty if it is.
     * Reads all of it.
     */
    Optional<String> damage(PlanRef ref) throws IOException;

    /** Deletes an object; one that is not there is deleted already. */
    void delete(String sha256) throws IOException;
}
