package io.flinkha.agent.simulation;

import java.util.List;
import java.util.Random;

/** What happens to whole pods, and which ones come in their place. */
final class PodFaults {
    private final SimWorld world;
    private int replacements;

    PodFaults(SimWorld world) {
        this.world = world;
    }

    private void successor(SimPod old, Random draw) {
        SimPod next = new SimPod(world, old.name + "-r" + ++replacements, world.clock(draw));
        world.pods.add(next);
        next.startAgent();
        next.startJobManager();
    }

    void fail(SimPod pod, Random draw) {
        pod.fail();
        world.pods.remove(pod);
        successor(pod, draw);
    }

    /** A new pod at once; the old one lives on, cut off, until its node is taken away. */
    void replace(SimPod old, Random draw) {
        successor(old, draw);
        long cut = world.duration(draw, 60);
        // By a person and by force, though nobody can know what runs on its node, or by taint.
        old.delete(draw.nextBoolean());
        old.cutOffUntil = world.now() + cut;
        removeAfter(cut, old);
    }

    /** It may be cut off for a part of that time, and be back; a node that is lost stays so. */
    void delete(SimPod old, Random draw) {
        successor(old, draw);
        long grace = world.duration(draw, 60);
        old.delete(false);
        boolean lost = world.schedule.profile().equals(Profile.LOST_NODE);
        if (lost || draw.nextBoolean()) {
            long cut = world.now() + (lost ? grace : world.duration(draw, 20));
            old.cutOffUntil = Math.max(old.cutOffUntil, cut);
        }
        removeAfter(grace, old);
    }

    private void removeAfter(long delay, SimPod old) {
        world.after(
                delay,
                () -> {
                    world.pods.remove(old);
                    old.remove();
                });
    }

    /** As a new Job does it. */
    void replaceAll() {
        for (SimPod old : List.copyOf(world.pods)) {
            world.pods.remove(old);
            old.remove();
            world.api.putPod(old.name, null);
            successor(old, world.random);
        }
    }
}
