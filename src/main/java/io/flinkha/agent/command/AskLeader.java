package io.flinkha.agent.command;

import static io.flinkha.agent.command.RefusedException.ok;

import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.core.manifest.Restorable;
import io.flinkha.agent.core.manifest.RestoredFrom;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.port.Result;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Acts on a running application: they are written on its Lease, and its leader carries them out.
 */
final class AskLeader {
    private static final long PAUSE_MILLIS = 1_000;
    private static final long PATIENCE_SECONDS = 120;
    private static final int TRIES = 5;

    private final CommandTarget target;
    private final KubernetesObjects objects;

    AskLeader(CommandTarget target) {
        this.target = target;
        this.objects = target.objects();
    }

    void pause(@Nullable String reason, Instant now) throws RefusedException {
        String since = "since " + now + (reason == null ? "" : ", " + reason);
        Wishes before =
                change(
                                lease -> {
                                    Wishes known = lease.wishes();
                                    return known.isPaused() ? known : known.withPaused(since);
                                })
                        .wishes();
        target.say(
                before.isPaused()
                        ? "Paused already: %s.".formatted(before.paused())
                        : "Paused. The leader sees it with its next renewal: JobManager and Lease stay, no JobManager is let in anew, and the Kubernetes Job is told nothing until flink-ha-agent resume.");
    }

    /** Returns whether it was paused. */
    boolean resume() throws RefusedException {
        Wishes before = change(lease -> lease.wishes().withPaused("")).wishes();
        if (before.isPaused()) {
            target.say("Automation is on again with the leader's next renewal.");
        }
        return before.isPaused();
    }

    void stepDown() throws RefusedException, InterruptedException {
        LeaseRecord lease = change(found -> notPaused(found).withStepDown(held(found).epoch()));
        target.say("%s is asked to give up epoch %d …".formatted(lease.holder(), lease.epoch()));
        if (endsWith(lease)) {
            return;
        }
        await(
                lease,
                () -> {
                    LeaseRecord now = lease();
                    return now.epoch() > lease.epoch()
                            ? "Epoch %d is led by %s.".formatted(now.epoch(), now.holder())
                            : null;
                });
    }

    void restore(String from, boolean confirmed) throws RefusedException, InterruptedException {
        checked(from);
        Manifest manifest = manifest();
        refuseEnded(manifest);
        if (manifest != null && isOfTheRun(manifest, from)) {
            target.say(
                    "%s is a checkpoint of the newest run. While that goes on it deletes its older ones: if this is gone by then, the start is refused, and --from a savepoint is the way out."
                            .formatted(from));
        }
        if (!confirmed) {
            preview(from, manifest);
            return;
        }
        LeaseRecord lease =
                change(found -> {
                    Wishes due = notPaused(found).withRestore(from, found.epoch());
                    return found.held() ? due.withStepDown(found.epoch()) : due;
                });
        if (!lease.held()) {
            target.say("Nobody leads now: the next JobManager starts from %s.".formatted(from));
            return;
        }
        target.say(
                "%s is asked to give up epoch %d; the next JobManager starts from %s …"
                        .formatted(lease.holder(), lease.epoch(), from));
        if (endsWith(lease)) {
            return;
        }
        await(
                lease,
                () -> {
                    Manifest now = manifest();
                    Run run = now == null ? null : now.run();
                    return run != null && run.epoch() > lease.epoch()
                            ? "Epoch %d starts from it.".formatted(run.epoch())
                            : null;
                });
    }

    private void preview(String from, @Nullable Manifest manifest) throws RefusedException {
        notPaused(lease());
        Restorable newest = manifest == null ? null : manifest.newest();
        target.say(
                "The job would start again from %s%s. Nothing was changed; call again with --yes."
                        .formatted(
                                from,
                                newest == null
                                        ? ""
                                        : ", and what it did since would be done again or lost; its newest state is "
                                                + newest.path()));
    }

    /** Its Kubernetes Job ends too, or has: nothing would run there for long. */
    private void refuseEnded(@Nullable Manifest manifest) throws RefusedException {
        JobResult result = manifest == null ? null : manifest.result();
        if (manifest != null && result != null && manifest.parked() == null) {
            throw new RefusedException(
                    "Job %s has ended as %s: name the state in flink-ha.restore.path of a new Kubernetes Job. Nothing was changed."
                            .formatted(result.jobId(), result.status()));
        }
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
        return manifest.checkpoints().stream()
                .anyMatch(one -> RestoredFrom.isOne(one.path(), from));
    }

    /** Whether this very process ends with the leader that was asked to. */
    private boolean endsWith(LeaseRecord lease) {
        boolean own = lease.holder().equals(target.self());
        if (own) {
            target.say(
                    "That agent's container is this one, and ends then: look with flink-ha-agent status in a few seconds.");
        }
        return own;
    }

    private interface Look {
        @Nullable String done() throws RefusedException;
    }

    private void await(LeaseRecord before, Look look)
            throws RefusedException, InterruptedException {
        long until = target.waiting().nanos() + PATIENCE_SECONDS * 1_000_000_000L;
        while (target.waiting().nanos() < until) {
            target.waiting().pause(PAUSE_MILLIS);
            String done = look.done();
            if (done != null) {
                target.say(done);
                return;
            }
        }
        throw new RefusedException(
                "Epoch %d has no successor after %d s: look at flink-ha-agent status, and at the Events of the pod. The request stays."
                        .formatted(before.epoch(), PATIENCE_SECONDS));
    }

    private interface Change {
        Wishes of(LeaseRecord lease) throws RefusedException;
    }

    /** Decided anew on whatever the Lease says by then; returns the Lease before the change. */
    private LeaseRecord change(Change change) throws RefusedException {
        for (int i = 0; i < TRIES; i++) {
            LeaseRecord lease = lease();
            Wishes wanted = change.of(lease);
            if (wanted.equals(lease.wishes())
                    || !isConflict(objects.wish(wanted, lease.version()))) {
                return lease;
            }
        }
        throw new RefusedException(
                "Lease %s of namespace %s is written by others again and again. Nothing was changed; call again."
                        .formatted(objects.leaseName(), objects.namespace()));
    }

    private static boolean isConflict(Result<Boolean> written) throws RefusedException {
        if (written instanceof Result.Failed<Boolean> failed
                && failed.outcome() == Outcome.CONFLICT) {
            return true;
        }
        ok("Writing on the Lease", written);
        return false;
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

    private LeaseRecord held(LeaseRecord lease) throws RefusedException {
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
}
