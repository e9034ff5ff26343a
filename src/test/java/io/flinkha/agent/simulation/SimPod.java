package io.flinkha.agent.simulation;

import io.flinkha.agent.core.gate.Lock;
import org.jspecify.annotations.Nullable;

/** A pod: its clock, its lock file, and a kubelet that starts its two processes again. */
final class SimPod {
    final SimWorld world;
    final String name;
    final SimClock clock;
    @Nullable SimAgent agent;
    @Nullable SimJobManager jobManager;

    /** What stands in the lock file; it outlives the process that wrote it. */
    String lockContent = "";

    private int agents;
    private int jobManagers;

    SimPod(SimWorld world, String name, SimClock clock) {
        this.world = world;
        this.name = name;
        this.clock = clock;
    }

    String holder() {
        return name + "/uid-" + name;
    }

    /** As FileJobManagerLock sees it: the kernel's lock falls with the process. */
    Lock probe() {
        return jobManager == null ? new Lock.Free() : new Lock.Held(lockContent);
    }

    void startAgent() {
        if (agent == null) {
            SimAgent started = new SimAgent(this, name + "-" + ++agents);
            agent = started;
            started.start();
        }
    }

    void startJobManager() {
        if (jobManager == null) {
            SimJobManager started = new SimJobManager(this, name + "-jm-" + ++jobManagers);
            jobManager = started;
            started.start();
        }
    }

    /** The agent's process has ended, in whatever way. */
    void agentEnded() {
        SimAgent ended = agent;
        agent = null;
        world.trace(() -> "the agent of %s has ended".formatted(name));
        if (ended != null) {
            ended.end();
            long pause =
                    world.between(
                            SimWorld.SECOND / 2, (world.chance(0.5) ? 3 : 20) * SimWorld.SECOND);
            world.after(pause, this::startAgent);
        }
    }

    /** The JobManager's process has ended; after a HALT for good it is started seldom. */
    void jobManagerEnded(boolean forGood) {
        SimJobManager ended = jobManager;
        jobManager = null;
        world.trace(() -> "the JobManager of %s has ended".formatted(name));
        if (ended != null) {
            ended.end();
            long pause =
                    forGood
                            ? 20 * SimWorld.SECOND
                            : world.between(SimWorld.SECOND / 4, 3 * SimWorld.SECOND);
            world.after(pause, this::startJobManager);
        }
    }
}
