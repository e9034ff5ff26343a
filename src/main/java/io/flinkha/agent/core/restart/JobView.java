package io.flinkha.agent.core.restart;

import org.jspecify.annotations.Nullable;

/**
 * What the Kubernetes Job of this pod says.
 *
 * @param version its resourceVersion
 * @param suspended its {@code spec.suspend}
 * @param deleting it has a deletion timestamp
 * @param over it shows one of the conditions Failed, FailureTarget, Complete, SuccessCriteriaMet
 * @param failed pods that failed, its {@code status.failed}
 * @param backoffLimit how many may
 * @param resumedAt when its condition Suspended became False with reason JobResumed, as the API
 *     server wrote it; null if it never was, or is suspended again
 * @param shownSuspended its condition Suspended is True; it follows {@code suspended} after a while
 */
public record JobView(
        String uid,
        String version,
        boolean suspended,
        boolean deleting,
        boolean over,
        int failed,
        int backoffLimit,
        @Nullable String resumedAt,
        boolean shownSuspended) {

    /** A person has resumed it, and the Job controller has yet to say so. */
    public boolean isResuming() {
        return !suspended && shownSuspended;
    }
}
