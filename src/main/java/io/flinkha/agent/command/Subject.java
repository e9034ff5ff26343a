package io.flinkha.agent.command;

import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.adapter.storage.AgentStorage;
import io.flinkha.agent.core.election.ElectionRules;
import io.flinkha.agent.core.election.LeaseRecord;
import java.io.PrintWriter;
import java.util.Optional;

/** What a command acts on: one cluster-id's objects in the API server and in the storage. */
record Subject(KubernetesObjects objects, AgentStorage storage, Waiting waiting, PrintWriter out) {

    /** For a holder that does not say how long its Lease is: the agent's default. */
    private static final long LEASE_NANOS = 60_000_000_000L;

    private static final long PAUSE_MILLIS = 1_000;

    void say(String sentence) {
        out.println(sentence);
        out.flush();
    }

    /**
     * The Lease as nobody who lives holds it; empty if there is none. A holder that died leaves it
     * held: it counts for dead as it does for the agents, once it was seen unchanged for the lease
     * duration on the own clock.
     */
    Optional<LeaseRecord> leaseOfNobody() throws RefusedException, InterruptedException {
        Optional<LeaseRecord> first = lease();
        if (first.isEmpty() || !first.get().held()) {
            return first;
        }
        LeaseRecord held = first.get();
        long seconds = Math.max(held.durationSeconds(), LEASE_NANOS / 1_000_000_000L);
        say(
                "Lease %s is held by %s. Looking for %d s whether it is renewed …"
                        .formatted(objects.leaseName(), held.holder(), seconds));
        long since = waiting.nanos();
        while (!ElectionRules.expired(held, waiting.nanos() - since, LEASE_NANOS)) {
            waiting.pause(PAUSE_MILLIS);
            if (!lease().equals(first)) {
                throw new RefusedException(
                        "Lease %s of namespace %s is in use by %s: delete its Kubernetes Job, wait until its pod is gone, and call again. Nothing was changed."
                                .formatted(
                                        objects.leaseName(), objects.namespace(), held.holder()));
            }
        }
        return first;
    }

    private Optional<LeaseRecord> lease() throws RefusedException {
        return RefusedException.ok("Reading the Lease", objects.leases().read());
    }
}
