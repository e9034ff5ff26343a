package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.restart.PodView;
import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.Standing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pod: its clock, its lock file, a kubelet that starts its agent and the JobManager's container
 * again, and in that a supervisor that starts the JobManager again.
 */
final class SimPod {
    static final int SIGKILL = 137;

    final SimWorld world;
    final String name;
    final SimClock clock;
    final SimNetwork network;
    final SimStoreNetwork storeNetwork;

    /** Of the Job that made it. */
    final Settings settings;

    @Nullable SimAgent agent;
    @Nullable SimJobManager jobManager;

    /** What stands in the lock file; it outlives the process that wrote it. */
    private String lockContent = "";

    private long lockNumber;

    /** As long as the supervisor lets another pod go first. */
    private static final long YIELDS = 3 * SimWorld.SECOND;

    private final List<ProcessEnd> ends = new ArrayList<>();
    private Standing standing = new Standing(false, false, null);

    /** Processes of which an agent that stepped down says that their gate has closed. */
    final Set<Long> outlived = new HashSet<>();

    private final List<SimEnd> seenEnds = new ArrayList<>();
    private boolean containerDown;
    private boolean finished;

    /** Nothing that it sends or is sent arrives before. */
    long cutOffUntil;

    /** Nothing that it asks the storage for arrives before. */
    long storeCutUntil;

    private int agents;
    private long jobManagers;
    private boolean gone;
    private long pausedUntil;
    private long excusedUntil = -1;

    SimPod(SimWorld world, String name, SimClock clock) {
        this.world = world;
        this.name = name;
        this.clock = clock;
        this.settings = world.settingsOfThisJob();
        network = new SimNetwork(this);
        storeNetwork = new SimStoreNetwork(this);
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
        return jobManager == null ? new Lock.Free() : new Lock.Held(lockContent, lockNumber);
    }

    void lock(String owner, long number) {
        lockContent = owner;
        lockNumber = number;
    }

    List<ProcessEnd> ends() {
        return List.copyOf(ends);
    }

    void tell(Standing told) {
        standing = told;
    }

    /** The agent's, by way of a FIFO; nobody reads it while the container is down. */
    void order(long number) {
        SimJobManager jm = jobManager;
        boolean meant =
                jm != null
                        && (jm.number == number
                                || world.mutation.lapses(Lapse.ORDER_OF_ANY_PROCESS));
        if (jm != null && meant) {
            world.checker.killedOnOrder(jm, this);
            jobManagerEnded(SIGKILL);
        }
    }

    void startAgent() {
        if (agent == null && !gone) {
            SimAgent started = new SimAgent(this, name + "-" + ++agents);
            agent = started;
            started.start();
        }
    }

    void startJobManager() {
        if (jobManager != null || gone || containerDown || finished) {
            return;
        }
        if (standing.hold() && !world.mutation.lapses(Lapse.STARTS_WHILE_HELD)) {
            after(SimWorld.SECOND / 2, this::startJobManager);
            return;
        }
        SimAgent beside = agent;
        world.checker.processStarts(this, beside != null && beside.knowsOfPause());
        long number = ++jobManagers;
        SimJobManager started = new SimJobManager(this, name + "-jm-" + number, number);
        jobManager = started;
        started.start();
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

    /** The JobManager's process has ended; one that was the last is started seldom. */
    void jobManagerEnded(int exitCode) {
        SimJobManager ended = jobManager;
        jobManager = null;
        world.trace(() -> "the JobManager of %s has ended with %d".formatted(name, exitCode));
        if (ended == null) {
            return;
        }
        ended.end();
        record(new ProcessEnd(ended.number, exitCode, 0, world.now() / SimWorld.SECOND));
        boolean says = exitCode == 0 || exitCode == 163;
        boolean last = says && standing.end() != null;
        finished |= says && !last && world.mutation.lapses(Lapse.FINAL_WITHOUT_A_RECORD);
        long pause =
                last
                        ? 20 * SimWorld.SECOND
                        : world.between(SimWorld.SECOND / 4, 3 * SimWorld.SECOND);
        after(standing.yields() ? pause + YIELDS : pause, this::startJobManager);
    }

    private void record(ProcessEnd end) {
        ends.add(end);
        boolean expected = end.claimsTheEnd() && standing.end() != null;
        if (expected) {
            return;
        }
        SimEnd seen = new SimEnd(world.now(), end.counts(false));
        seenEnds.add(seen);
        SimAgent beside = agent;
        if (beside != null && beside.knowsOfPause()) {
            // As long as it takes to be read, and written into the history.
            world.after(
                    3 * SimWorld.SECOND,
                    () -> seen.excusedBy = beside.knowsOfPause() ? beside : null);
        }
    }

    /** Ends that may count against the budget, by the record or by the history alone. */
    long mayCount() {
        return seenEnds.stream()
                .filter(end -> end.excusedBy == null || end.excusedBy != agent)
                .count();
    }

    /** Ends that count for sure, and that every agent knows by now. */
    long count() {
        long read = world.now() - 3 * SimWorld.SECOND;
        long after = world.pausedUntil < 0 ? -1 : world.pausedUntil + 30 * SimWorld.SECOND;
        return seenEnds.stream()
                .filter(end -> end.counts && end.at > after && end.at < read)
                .count();
    }

    /** With its supervisor, which wrote nothing down; the kubelet takes its time. */
    void containerEnded() {
        SimJobManager ended = jobManager;
        if (ended == null) {
            return;
        }
        jobManager = null;
        ended.end();
        containerDown = true;
        after(
                world.between(SimWorld.SECOND, 20 * SimWorld.SECOND),
                () -> {
                    containerDown = false;
                    record(new ProcessEnd(ended.number, -1, 0, world.now() / SimWorld.SECOND));
                    startJobManager();
                });
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
        return new PodView("uid-" + name, false, ended);
    }

    /** Each container has ended, and the kubelet says so; the object stays. */
    void fail() {
        remove();
        world.api.putPod(name, view(true));
    }

    /** Its kubelet does not say, or has not yet said, that it has ended; by force, nobody asks. */
    void delete(boolean byForce) {
        world.api.putPod(name, byForce ? null : new PodView("uid-" + name, true, false));
    }

    /** The node is gone for good. */
    void remove() {
        gone = true;
        jobManagerEnded(SIGKILL);
        agentEnded();
    }
}
