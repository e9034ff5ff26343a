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
        // A person has deleted it by force, though nobody can know what runs on its node.
        world.api.putPod(old.name, null);
        successor(old, draw);
        long cut = world.duration(draw, 60);
        old.cutOffUntil = world.now() + cut;
        world.after(
                cut,
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
