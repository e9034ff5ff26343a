package io.flinkha.agent.adapter.status;

import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.core.restart.JobView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an application, whoever looks: an agent out of its state, or a command out of
 * the objects in the API server. {@link StatusJson} and {@link StatusText} render it.
 *
 * @param lease null if there is none, or none was seen
 * @param epoch the newest that was seen; null where there is none
 * @param renewed when the Lease was, null where it is not known
 * @param kubernetesJob null outside of one, and where it is not known
 */
public record ApplicationStatus(
        String clusterId,
        String namespace,
        @Nullable LeaseRecord lease,
        Manifest manifest,
        @Nullable Long epoch,
        @Nullable Instant renewed,
        @Nullable KubernetesJob kubernetesJob,
        Instant now) {
    private static final long LAST_MILLI = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();

    /** Its name, and how it was seen last; null if it was not. */
    public record KubernetesJob(String name, @Nullable JobView seen) {}

    @Nullable String holder() {
        return lease == null || !lease.held() ? null : lease.holder();
    }

    /** The pod that says that its JobManager waits for the Lease; null if none does. */
    @Nullable String standby() {
        return lease == null || lease.standby().isEmpty() ? null : lease.standby();
    }

    /** How the epoch began; null if it is not in the history. */
    @Nullable Leadership leadership() {
        return manifest.history().stream()
                .filter(one -> epoch != null && one.epoch() == epoch)
                .findFirst()
                .orElse(null);
    }

    Wishes wishes() {
        return lease == null ? Wishes.NONE : lease.wishes();
    }

    /** Whether the epoch that was asked to end has not yet. */
    boolean isToStepDown() {
        return lease != null && lease.held() && wishes().stepDown() == lease.epoch();
    }

    /** Whether the state that was asked for is still to be started from. */
    boolean isToRestore() {
        Run run = manifest.run();
        return wishes().restore(Long.MAX_VALUE, run == null ? 0 : run.epoch());
    }

    /** RFC 3339; null where it is not known (0), or has no year of four digits. */
    static @Nullable String time(long millis) {
        return millis < 1 || millis > LAST_MILLI ? null : Instant.ofEpochMilli(millis).toString();
    }

    /** Null where {@link #time} is. */
    @Nullable Long ageSeconds(long completedAt) {
        return time(completedAt) == null
                ? null
                : Math.max(0, (now.toEpochMilli() - completedAt) / 1_000);
    }
}
