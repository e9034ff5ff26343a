package io.flinkha.agent.port;

import io.flinkha.agent.core.manifest.Manifest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Copies of the committed manifest outside of the Kubernetes API, for the day on which the cluster
 * is gone. Immutable objects, whose names sort as the commits followed each other: by epoch, then
 * by sequence.
 */
public interface ManifestMirror {
    /** So many of the newest are worth keeping: Flink deletes the files that older ones name. */
    int KEPT = 3;

    /**
     * The highest epoch that is in a name. No agent comes near it; whoever puts an absurd number
     * there must not make the next epoch run out of digits, and names no longer sort.
     */
    long LAST_EPOCH = 999_999_999L;

    static String name(Manifest manifest) {
        return manifest.copyName();
    }

    /** The epoch that a name begins with. */
    static long epoch(String name) {
        return Long.parseLong(name.substring(0, name.indexOf('-')));
    }

    /** An object that is there already stays as it is. */
    void put(String name, String json) throws IOException;

    /** Names, newest first. */
    List<String> list() throws IOException;

    /** Empty if there is no object of this name. */
    Optional<String> read(String name) throws IOException;

    /** One that is not there is no failure. */
    void delete(String name) throws IOException;

    /** The name of the newest, which begins with its epoch; empty if nothing was ever mirrored. */
    default Optional<String> newest() throws IOException {
        return list().stream().findFirst();
    }
}
