package io.flinkha.agent.command;

import static io.flinkha.agent.command.RefusedException.ok;

import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.core.election.LeaseRecord;
import io.flinkha.agent.core.election.Wishes;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.core.manifest.Restorable;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Acts on a running application: they are written on its Lease, and its leader carries them out.
 */
final class Wish {
    private static final long PAUSE_MILLIS = 1_000;
    private static final long PATIENCE_SECONDS = 120;

    private final Subject subject;
    private final KubernetesObjects objects;

    Wish(Subject subject) {
        this.subject = subject;
        this.objects = subject.objects();
    }

    void pause(@Nullable String reason, Instant now) throws RefusedException {
        LeaseRecord lease = lease();
        if (lease.wishes().isPaused()) {
            subject.say("Paused already: %s.".formatted(lease.wishes().paused()));
            return;
        }
        String since = "since " + now + (reason == null ? "" : ", " + reason);
        Wishes before = lease.wishes();
        write(new Wishes(since, before.stepDown(), before.restoreFrom(), before.restoreAfter()));
        subject.say(
                "Paused. The leader sees it with its next renewal: JobManager and Lease stay, no JobManager is let in anew, and the Kubernetes Job is told nothing until flink-ha-agent resume.");
    }

    /** Returns whether it was paused. */
    boolean resume() throws RefusedException {
        Wishes before = lease().wishes();
        if (before.isPaused()) {
            write(new Wishes("", before.stepDown(), before.restoreFrom(), before.restoreAfter()));
            subject.say("Automation is on again with the leader's next renewal.");
        }
        return before.isPaused();
    }

    void stepDown() throws RefusedException, InterruptedException {
        LeaseRecord lease = held();
        Wishes before = notPaused(lease);
        write(
                new Wishes(
                        before.paused(),
                        lease.epoch(),
                        before.restoreFrom(),
                        before.restoreAfter()));
        subject.say("%s is asked to give up epoch %d …".formatted(lease.holder(), lease.epoch()));
        awaitNextEpoch(lease);
    }

    void restore(String from, boolean confirmed) throws RefusedException, InterruptedException {
        checked(from);
        LeaseRecord lease = lease();
        Wishes before = notPaused(lease);
        Manifest manifest = manifest();
        Restorable newest = manifest == null ? null : manifest.newest();
        if (manifest != null && isOfTheRun(manifest, from)) {
            subject.say(
                    "%s is a checkpoint of the newest run. While that goes on it deletes its older ones: if this is gone by then, the start is refused, and --from a savepoint is the way out."
                            .formatted(from));
        }
        if (!confirmed) {
            subject.say(
                    "The job would start again from %s%s. Nothing was changed; call again with --yes."
                            .formatted(
                                    from,
                                    newest == null
                                            ? ""
                                            : ", and what it did since would be done again or lost; its newest state is "
                                                    + newest.path()));
            return;
        }
        boolean led = lease.held();
        write(
                new Wishes(
                        before.paused(),
                        led ? lease.epoch() : before.stepDown(),
                        from,
                        lease.epoch()));
        if (!led) {
            subject.say("Nobody leads now: the next JobManager starts from %s.".formatted(from));
            return;
        }
        subject.say(
                "%s is asked to give up epoch %d; the next JobManager starts from %s …"
                        .formatted(lease.holder(), lease.epoch(), from));
        awaitNextEpoch(lease);
    }

    /** What ends while paused does not begin again. */
    private static Wishes notPaused(LeaseRecord lease) throws RefusedException {
        if (lease.wishes().isPaused()) {
            throw new RefusedException(
                    "Automation is off (%s): no JobManager would be let in. Call flink-ha-agent resume first. Nothing was changed."
                            .formatted(lease.wishes().paused()));
        }
        return lease.wishes();
    }

    private static boolean isOfTheRun(Manifest manifest, String from) {
        return manifest.checkpoints().stream().anyMatch(one -> one.path().equals(from));
    }

    private void awaitNextEpoch(LeaseRecord before) throws RefusedException, InterruptedException {
        if (before.holder().equals(subject.self())) {
            subject.say(
                    "That agent's container is this one, and ends then: look with flink-ha-agent status in a few seconds.");
            return;
        }
        long until = subject.waiting().nanos() + PATIENCE_SECONDS * 1_000_000_000L;
        while (subject.waiting().nanos() < until) {
            subject.waiting().pause(PAUSE_MILLIS);
            LeaseRecord now = lease();
            if (now.epoch() > before.epoch()) {
                subject.say("Epoch %d is led by %s.".formatted(now.epoch(), now.holder()));
                return;
            }
        }
        throw new RefusedException(
                "Epoch %d has no successor after %d s: look at flink-ha-agent status, and at the Events of the pod. The request stays."
                        .formatted(before.epoch(), PATIENCE_SECONDS));
    }

    private static void checked(String from) throws RefusedException {
        try {
            if (new URI(from).getScheme() != null) {
                return;
            }
        } catch (URISyntaxException e) {
            // The sentence below is about this too.
        }
        throw new RefusedException(
                "--from is '%s': give a checkpoint or savepoint as a whole URI, such as file:///…/chk-7 or s3://bucket/…/savepoint-1."
                        .formatted(from));
    }

    private LeaseRecord lease() throws RefusedException {
        return ok("Reading the Lease", objects.leases().read())
                .orElseThrow(() ->
                        new RefusedException(
                                "There is no Lease %s in namespace %s: look whether cluster-id and namespace are right."
                                        .formatted(objects.leaseName(), objects.namespace())));
    }

    private LeaseRecord held() throws RefusedException {
        LeaseRecord lease = lease();
        if (!lease.held()) {
            throw new RefusedException(
                    "Nobody holds Lease %s of namespace %s: there is no leader to ask."
                            .formatted(objects.leaseName(), objects.namespace()));
        }
        return lease;
    }

    private @Nullable Manifest manifest() throws RefusedException {
        return ok("Reading the manifest", objects.manifests().read())
                        instanceof ManifestView.Present present
                ? present.manifest()
                : null;
    }

    private void write(Wishes wishes) throws RefusedException {
        ok("Writing on the Lease", objects.wish(wishes));
    }
}
