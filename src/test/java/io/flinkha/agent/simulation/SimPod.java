package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.restart.PodView;
import org.jspecify.annotations.Nullable;

/** A pod: its clock, its lock file, and a kubelet that starts its two processes again. */
final class SimPod {
    final SimWorld world;
    final String name;
    final SimClock clock;
    final SimNetwork network;

    /** Of the Job that made it. */
    final Settings settings;

    @Nullable SimAgent agent;
    @Nullable SimJobManager jobManager;

    /** What stands in the lock file; it outlives the process that wrote it. */
    String lockContent = "";

    /** Nothing that it sends or is sent arrives before. */
    long cutOffUntil;

    private int agents;
    private int jobManagers;
    private boolean gone;
    private long pausedUntil;
    private long excusedUntil = -1;

    SimPod(SimWorld world, String name, SimClock clock) {
        this.world = world;
        this.name = name;
        this.clock = clock;
        this.settings = world.settingsOfThisJob();
        network = new SimNetwork(this);
        world.api.putPod(name, view(false));
    }

    String holder() {
        return name + "/uid-" + name;
    }

    long here() {
        return clock.at(world.now());
    }

    /** After so much has passed on this pod's clock, whatever befalls it meanwhile. */
    void after(long nanosHere, Runnable task) {
        long target = here() + nanosHere;
        world.after(clock.trueNanos(nanosHere), () -> at(target, task));
    }

    private void at(long target, Runnable task) {
        long left = target - here();
        if (world.now() < pausedUntil) {
            world.after(pausedUntil - world.now() + 1, () -> at(target, task));
        } else if (left > 0) {
            world.after(clock.trueNanos(left) + 1_000, () -> at(target, task));
        } else {
            task.run();
        }
    }

    /** As FileJobManagerLock sees it: the kernel's lock falls with the process. */
    Lock probe() {
        return jobManager == null ? new Lock.Free() : new Lock.Held(lockContent);
    }

    void startAgent() {
        if (agent == null && !gone) {
            SimAgent started = new SimAgent(this, name + "-" + ++agents);
            agent = started;
            started.start();
        }
    }

    void startJobManager() {
        if (jobManager == null && !gone) {
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
            long longest = world.chance(0.5) && !isRestartCheap() ? 20 : 3;
            after(world.between(SimWorld.SECOND / 2, longest * SimWorld.SECOND), this::startAgent);
        }
    }

    private boolean isRestartCheap() {
        Profile profile = world.schedule.profile();
        return profile.equals(Profile.RESTARTS) || profile.equals(Profile.FIRST_START);
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
            after(pause, this::startJobManager);
        }
    }

    /** The whole machine stands still, its clock too: no timer in it can see that. */
    void pause(long duration) {
        if (world.now() < pausedUntil) {
            return;
        }
        pausedUntil = world.now() + duration;
        clock.pause(world.now());
        world.after(duration, () -> clock.resume(world.now()));
        SimAgent process = agent;
        if (process != null) {
            process.freeze(duration);
        }
        SimJobManager jm = jobManager;
        if (jm != null) {
            jm.freeze(duration);
        }
        // What was promised before the pause has run out by then on the clock that stood still.
        excusedUntil =
                pausedUntil
                        + (long) (world.settings.renewDeadline().toNanos() * 1.3)
                        + SimWorld.SECOND;
    }

    /** Beyond the clock assumption: its gate may be open for too long, no more than that. */
    boolean excused() {
        return world.now() < excusedUntil;
    }

    boolean cutOff() {
        return world.now() < cutOffUntil && !world.quiet();
    }

    private PodView view(boolean ended) {
        return new PodView("uid-" + name, false, ended, 0, "");
    }

    /** Each container has ended, and the kubelet says so; the object stays. */
    void fail() {
        remove();
        world.api.putPod(name, view(true));
    }

    /** The node is gone for good. */
    void remove() {
        gone = true;
        jobManagerEnded(true);
        agentEnded();
    }
}
