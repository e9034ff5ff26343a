package io.flinkha.agent.command;

import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.config.AgentSettings;
import io.flinkha.agent.core.lease.ElectionRules;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.core.manifest.Revision;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a command acts on: one cluster-id's objects in the API server.
 *
 * @param givenJob name of its Kubernetes Job, null where nobody named it
 * @param self as a holder of the Lease, where this runs in an agent's container
 */
record CommandTarget(
        KubernetesObjects objects,
        Waiting waiting,
        Output output,
        @Nullable String givenJob,
        String self) {

    /** For a holder that does not say how long its Lease is: the agent's default. */
    private static final long LEASE_NANOS = AgentSettings.LEASE_DURATION.byDefault().toNanos();

    private static final LeaseRecord NO_LEASE = new LeaseRecord("", "", 0, 0, 0, 0, "");

    private static final long PAUSE_MILLIS = 1_000;

    void say(String sentence) {
        output.say(sentence);
    }

    /** As it was named, or the one that the stored plan was made in. */
    Optional<String> knownJob() throws RefusedException {
        if (givenJob != null) {
            return Optional.of(givenJob);
        }
        Revision revision =
                RefusedException.ok("Reading the manifest", objects.manifests().read())
                                instanceof ManifestView.Present present
                        ? present.manifest().revision()
                        : null;
        return revision == null
                ? Optional.empty()
                : RefusedException.ok(
                        "Looking for the Job", objects.jobName(revision.controller()));
    }

    String jobName() throws RefusedException {
        return knownJob()
                .orElseThrow(() ->
                        new RefusedException(
                                "The Kubernetes Job of %s is not known: name it with --job."
                                        .formatted(objects.leaseName())));
    }

    /**
     * The Lease as nobody who lives holds it; empty if there is none. A holder that died leaves it
     * held, and one that lives may find it cleared or deleted before it renews: either counts for
     * dead as it does for the agents, once the Lease was seen unchanged for the lease duration on
     * the own clock.
     */
    Optional<LeaseRecord> leaseOfNobody() throws RefusedException, InterruptedException {
        Optional<LeaseRecord> first = lease();
        LeaseRecord held = first.orElse(NO_LEASE);
        long manifest = manifestEpoch();
        long published = publishedEpoch();
        if (ElectionRules.mayTake(held, nobody(0), manifest, published)) {
            return first;
        }
        long seconds = ElectionRules.durationNanos(held, LEASE_NANOS) / 1_000_000_000L;
        say(
                "Lease %s %s. Looking for %d s whether it is renewed …"
                        .formatted(
                                objects.leaseName(),
                                held.held()
                                        ? "is held by " + held.holder()
                                        : "was cleared or deleted, and not by whoever held it",
                                seconds));
        long since = waiting.nanos();
        while (!ElectionRules.mayTake(held, nobody(waiting.nanos() - since), manifest, published)) {
            waiting.pause(PAUSE_MILLIS);
            Optional<LeaseRecord> now = lease();
            if (!now.equals(first)) {
                throw new RefusedException(
                        "Lease %s of namespace %s is in use by %s: delete its Kubernetes Job, wait until its pod is gone, and call again. Nothing was changed."
                                .formatted(
                                        objects.leaseName(),
                                        objects.namespace(),
                                        now.map(LeaseRecord::holder).orElse("somebody")));
            }
        }
        return first;
    }

    private static ElectionRules.Contender nobody(long unchangedNanos) {
        return ElectionRules.Contender.nobody(unchangedNanos, LEASE_NANOS);
    }

    private long manifestEpoch() throws RefusedException {
        return RefusedException.ok("Reading the manifest", objects.manifests().read())
                        instanceof ManifestView.Present present
                ? present.manifest().epoch()
                : 0;
    }

    private long publishedEpoch() throws RefusedException {
        return RefusedException.ok(
                        "Reading the leader ConfigMap", objects.leaderAddresses().witness())
                .epoch();
    }

    private Optional<LeaseRecord> lease() throws RefusedException {
        return RefusedException.ok("Reading the Lease", objects.leases().read());
    }
}
