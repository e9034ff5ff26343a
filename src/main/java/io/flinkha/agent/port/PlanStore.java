package io.flinkha.agent.port;

import io.flinkha.agent.core.manifest.PlanRef;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Stored plans, named by their content. Streams only: a plan may be larger than the memory of this
 * process.
 *
 * <p>Not there and not readable are different things: the first is an empty Optional, the second an
 * {@link IOException}.
 */
public interface PlanStore {

    /** Takes the bytes of one plan; nothing is visible before {@link #commit}. */
    interface Writer extends AutoCloseable {
        void write(byte[] bytes) throws IOException;

        /**
         * Makes it durable and visible under its sha256; a plan that is there already stays, unless
         * it is damaged.
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
     * Why the plan is not what {@code ref} says, in one sentence with its name; empty if it is.
     * Reads all of it.
     */
    Optional<String> damage(PlanRef ref) throws IOException;

    /** Deletes a plan; one that is not there is deleted already. */
    void delete(String sha256) throws IOException;
}
