package io.flinkha.agent.simulation;

import io.flinkha.agent.core.restart.JobView;
import java.util.List;

/**
 * The Job controller of a world whose failed jobs are parked, and the person who resumes them. As
 * in Kubernetes a new pod may come before the condition that says that the Job was resumed.
 */
final class SimJobController {
    private final SimWorld world;
    private int podsMade;
    private int resumes;
    private boolean personComes;

    SimJobController(SimWorld world) {
        this.world = world;
    }

    void sync() {
        JobView job = world.api.job();
        if (job.suspended()) {
            List.copyOf(world.pods).forEach(this::delete);
            if (job.shownSuspended() && !personComes) {
                personComes = true;
                world.after(world.between(SimWorld.SECOND, 12 * SimWorld.SECOND), this::resume);
            }
        } else if (world.pods.isEmpty()) {
            make();
        }
        world.after(
                world.between(0, 3 * SimWorld.SECOND),
                () -> world.api.showSuspension("t" + world.now()));
        world.after(world.between(SimWorld.SECOND / 5, SimWorld.SECOND), this::sync);
    }

    private void delete(SimPod pod) {
        world.pods.remove(pod);
        world.after(
                world.between(0, 3 * SimWorld.SECOND),
                () -> {
                    pod.remove();
                    world.api.putPod(pod.name, null);
                });
    }

    private void make() {
        SimPod pod = new SimPod(world, "pod-p" + ++podsMade, world.clock(world.random));
        world.pods.add(pod);
        pod.startAgent();
        pod.startJobManager();
    }

    private void resume() {
        personComes = false;
        world.trace(() -> "somebody resumes the Job, time no. %d".formatted(++resumes));
        world.api.suspend(false);
        world.checker.resumed();
    }
}
