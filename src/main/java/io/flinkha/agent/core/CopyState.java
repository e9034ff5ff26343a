package io.flinkha.agent.core;

import io.flinkha.agent.core.manifest.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * The call about copies of the manifest: the reading of them all, or the commit to the storage
 * instead of the API server.
 */
final class CopyState extends Slot {
    @Nullable Manifest attempted;

    /** How many edits of the wanted manifest it has. */
    long attemptedEdit;

    /** Of all that were ever sent: another one that is put later must not be taken for it. */
    long lastSequence;

    @Override
    public String toString() {
        return text(
                "attempted=" + attempted,
                "attemptedEdit=" + attemptedEdit,
                "lastSequence=" + lastSequence);
    }
}
