package io.flinkha.agent.port;

import io.flinkha.agent.core.lease.ElectionRules;
import io.flinkha.agent.core.manifest.Manifest;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The storage as second witness of who leads: the marks of epochs, and copies of the manifest that
 * can be verified. It holds only what put-if-absent keeps and what each read and listing shows once
 * it was written.
 */
public interface Witness {
    /**
     * What a listing of the marks showed.
     *
     * @param mine whether the mark of the epoch that was asked for is there, and the caller's
     * @param highest epoch of them that is not {@link ElectionRules#TOO_FAR} above the one that was
     *     asked for, 0 if there is none
     */
    record Marks(boolean mine, long highest) {}

    /**
     * What was found of copies.
     *
     * @param newest the newest one that this cluster-id's key vouches for, null if there is none
     * @param unverified names of newer ones that it does not vouch for
     */
    record Copies(@Nullable Manifest newest, List<String> unverified) {
        public Copies {
            unverified = List.copyOf(unverified);
        }
    }

    /** Leaves a mark, unless there is one of this epoch, and then looks at all. */
    Marks mark(long epoch, String by) throws IOException;

    /** Looks at all; that of {@code epoch} is the caller's if it is there. */
    Marks look(long epoch) throws IOException;

    Copies copies() throws IOException;

    /** Puts a copy under a name that was never used, and then looks at the marks. */
    Marks commit(Manifest manifest) throws IOException;
}
