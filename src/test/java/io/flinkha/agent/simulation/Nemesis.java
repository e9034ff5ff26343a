package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import java.util.List;

/**
 * Plans the faults of one world.
 *
 * <p>What no rule can survive is left out: the last of the three witnesses taken away while a
 * leader runs, and a manifest rolled back within the epoch of a leader that then dies.
 */
final class Nemesis {
    private final SimWorld world;

    Nemesis(SimWorld world) {
        this.world = world;
    }

    void plan() {
        // In a third of the worlds the faults gather around the first start.
        long end = world.chance(0.33) ? 40 * SimWorld.SECOND : SimWorld.HORIZON.toNanos();
        times(4, end, said("deletes the Lease", world.api::deleteLease));
        times(3, end, said("clears the holder", world.api::clearHolder));
        times(2, end, said("replaces the Lease", world.api::replaceLease));
        times(2, end, said("deletes the manifest", this::deleteManifest));
        times(2, end, said("rolls the manifest back", this::rollBackManifest));
        times(8, end, () -> agent(SimPod::agentEnded));
        times(4, end, () -> agent(pod -> offer(pod, new Event.StopRequested("drain"))));
        times(3, end, () -> agent(pod -> freezeAgent(pod)));
        times(3, end, () -> agent(pod -> offer(pod, new Event.AdapterFailed("x", "bug"))));
        times(8, end, () -> jobManager(jm -> jm.die(false)));
        times(2, end, () -> jobManager(this::freeze));
        times(2, end, this::outage);
        times(2, end, () -> world.damagedPlans.put(planOfRun(), "the plan is damaged"));
        times(3, end, () -> world.revision++);
        if (world.chance(0.5)) {
            world.api.onTaking(this::strikeTheClaim);
        }
        for (long at = 60; at < SimWorld.HORIZON.toSeconds(); at += 60) {
            world.after(at * SimWorld.SECOND, this::personHelps);
        }
    }

    /** Between the Lease write of an epoch and its claim. */
    private void strikeTheClaim() {
        List<Runnable> faults =
                List.of(
                        said("deletes the Lease", world.api::deleteLease),
                        said("replaces the Lease", world.api::replaceLease),
                        said("clears the holder", world.api::clearHolder),
                        () -> agent(SimPod::agentEnded),
                        () -> agent(pod -> offer(pod, new Event.StopRequested("drain"))));
        for (int i = 0; i < 2; i++) {
            if (world.chance(0.2)) {
                world.after(
                        world.between(0, 4 * SimWorld.SECOND),
                        faults.get(world.random.nextInt(faults.size())));
            }
        }
    }

    private interface OnPod {
        void strike(SimPod pod);
    }

    private interface OnJobManager {
        void strike(SimJobManager jobManager);
    }

    private void times(int most, long end, Runnable fault) {
        int count = world.random.nextInt(most + 1);
        for (int i = 0; i < count; i++) {
            world.after(world.between(SimWorld.SECOND, end), fault);
        }
    }

    private Runnable said(String what, Runnable fault) {
        return () -> {
            world.trace(() -> "somebody " + what);
            fault.run();
        };
    }

    private SimPod anyPod() {
        return world.pods.get(world.random.nextInt(world.pods.size()));
    }

    /** Half of the time the pod that leads. */
    private SimPod aPod() {
        for (SimPod pod : world.pods) {
            SimJobManager jm = pod.jobManager;
            if (jm != null && jm.gateOpen() && world.chance(0.5)) {
                return pod;
            }
        }
        return anyPod();
    }

    private void agent(OnPod fault) {
        fault.strike(aPod());
    }

    private static void offer(SimPod pod, Event event) {
        SimAgent agent = pod.agent;
        if (agent != null) {
            agent.offer(event);
        }
    }

    private void freezeAgent(SimPod pod) {
        SimAgent agent = pod.agent;
        if (agent != null) {
            agent.freeze(world.between(SimWorld.SECOND, 30 * SimWorld.SECOND));
        }
    }

    private void jobManager(OnJobManager fault) {
        SimJobManager jm = aPod().jobManager;
        if (jm != null) {
            fault.strike(jm);
        }
    }

    private void freeze(SimJobManager jm) {
        if (!jm.frozen()) {
            jm.freeze(world.between(SimWorld.SECOND, 30 * SimWorld.SECOND));
        }
    }

    private void outage() {
        world.outageUntil = world.now() + world.between(SimWorld.SECOND, 20 * SimWorld.SECOND);
    }

    private String planOfRun() {
        return world.api.manifest() instanceof ManifestView.Present present
                        && present.manifest().plan() != null
                ? present.manifest().plan().sha256()
                : "none";
    }

    private void deleteManifest() {
        if (isWitnessedElsewhere()) {
            world.api.deleteManifest();
            world.checker.tampered();
        }
    }

    private void rollBackManifest() {
        List<Manifest> written = world.api.written();
        if (!isWitnessedElsewhere()) {
            return;
        }
        Manifest old = written.get(world.random.nextInt(written.size()));
        if (old.epoch() < world.api.publishedEpoch()) {
            world.api.putManifest(old);
            world.checker.tampered();
        }
    }

    /** The Lease may be deleted any time: the leader ConfigMap has to know the newest epoch. */
    private boolean isWitnessedElsewhere() {
        List<Manifest> written = world.api.written();
        return !written.isEmpty() && world.api.publishedEpoch() >= written.getLast().epoch();
    }

    /** Where the manifest was lost for good, the agents refuse; then the backup is put back. */
    private void personHelps() {
        List<Manifest> written = world.api.written();
        if (written.isEmpty()) {
            return;
        }
        Manifest newest = written.getLast();
        boolean lost =
                !(world.api.manifest() instanceof ManifestView.Present present)
                        || present.manifest().epoch() < newest.epoch();
        if (lost) {
            world.trace(() -> "somebody puts the newest manifest back");
            world.api.putManifest(newest);
        }
        Manifest now = world.api.stored();
        if (now.result() != null) {
            world.revision++;
        }
    }
}
