package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.core.restart.JobView;
import java.util.List;
import java.util.Random;

/**
 * Carries out the faults of one world.
 *
 * <p>What no rule can survive is left out: the last of the three witnesses taken away, and a
 * manifest rolled back within the epoch of a leader that then dies, or beside a leader whose clock
 * stood still and whom nothing else fences.
 */
final class Nemesis {
    private final SimWorld world;
    private int takings;
    private final SimWitnesses left;
    private final PodFaults pods;

    Nemesis(SimWorld world) {
        this.world = world;
        left = new SimWitnesses(world);
        pods = new PodFaults(world);
    }

    void arm() {
        for (Strike strike : world.schedule.strikes()) {
            if (strike.taking() == 0) {
                world.after(strike.atMillis() * SimWorld.MILLI, () -> strike(strike));
            }
        }
        world.api.onTaking(() -> {
            takings++;
            for (Strike strike : world.schedule.strikes()) {
                if (strike.taking() == takings) {
                    world.after(strike.atMillis() * SimWorld.MILLI, () -> strike(strike));
                }
            }
        });
        if (!world.schedule.calm()) {
            for (long at = 60; at < SimWorld.HORIZON.toSeconds(); at += 15) {
                world.after(at * SimWorld.SECOND, this::personHelps);
            }
            for (long at = 1; at < SimWorld.HORIZON.toSeconds(); at++) {
                world.after(at * SimWorld.SECOND, this::failJob);
            }
            for (long at = 7; at * 1_000 < Schedule.QUIET_MILLIS; at += 7) {
                world.after(at * SimWorld.SECOND, this::drift);
            }
        }
    }

    private void drift() {
        for (SimPod pod : world.pods) {
            if (world.strikes(Fault.CLOCKS_DRIFT, 0.2)) {
                pod.clock.drift(world.now(), world.rate(world.random));
            }
        }
    }

    private void strike(Strike strike) {
        if (world.quiet() || world.pods.isEmpty()) {
            return;
        }
        Random draw = new Random(strike.draw() * 0x9E3779B97F4A7C15L + 3);
        SimPod pod = aPod(draw);
        boolean ofWitness = strike.fault().sort == Fault.Sort.TARGETED;
        if (ofWitness
                ? onWitness(strike.fault(), pod, draw)
                : carryOut(strike.fault(), pod, draw)) {
            left.note(strike.fault());
            world.count(strike.fault());
            world.trace(() -> "FAULT: %s (%s)".formatted(strike.fault().what, pod.name));
        }
    }

    /** Half of the time the pod that leads; always where a world is made for its troubles. */
    private SimPod aPod(Random draw) {
        Profile profile = world.schedule.profile();
        boolean leader =
                draw.nextBoolean()
                        || profile.equals(Profile.TIGHT)
                        || profile.equals(Profile.LOST_MANIFEST)
                        || profile.equals(Profile.LOST_NODE)
                        || profile.equals(Profile.API_BLINKS)
                        || profile.equals(Profile.FIRST_START);
        SimPod any = world.pods.get(draw.nextInt(world.pods.size()));
        if (leader) {
            for (SimPod pod : world.pods) {
                SimJobManager jm = pod.jobManager;
                if (jm != null && jm.gateOpen()) {
                    return pod;
                }
            }
        }
        return any;
    }

    /** Returns whether there was anything to strike. */
    private boolean carryOut(Fault fault, SimPod pod, Random draw) {
        SimAgent agent = pod.agent;
        SimJobManager jm = pod.jobManager;
        switch (fault) {
            case LEASE_DELETED, LEASE_CLEARED, LEASE_REPLACED -> {
                return onLease(fault);
            }
            case STEP_DOWN_ASKED, PAUSED -> {
                return wish(fault, draw);
            }
            case MANIFEST_DELETED,
                    MANIFEST_ROLLED_BACK,
                    MANIFEST_GARBLED,
                    MANIFEST_EDITED,
                    LEADER_CONFIGMAP_DELETED,
                    PLAN_DAMAGED -> {
                return onRecords(fault, draw);
            }
            case NEW_REVISION -> world.revision++;
            case AGENT_STOPPED, AGENT_FAILED -> {
                if (agent == null) {
                    return false;
                }
                agent.offer(
                        fault == Fault.AGENT_STOPPED
                                ? new Event.StopRequested("drain")
                                : new Event.AdapterFailed("x", "bug"));
            }
            case AGENT_FROZEN -> {
                if (agent == null) {
                    return false;
                }
                agent.freeze(world.duration(draw, 30));
            }
            case AGENT_KILLED -> {
                pod.agentEnded();
                return agent != null;
            }
            case JOB_MANAGER_KILLED,
                    JOB_MANAGER_FROZEN,
                    JOB_MANAGER_HANGS,
                    MAIN_THREADS_HANG,
                    NO_PROGRESS,
                    JOB_MANAGER_EXITS,
                    SUPERVISOR_KILLED -> {
                if (jm == null) {
                    return false;
                }
                onProcess(fault, pod, jm, draw);
            }
            case BOTH_KILLED -> {
                pod.jobManagerEnded(SimPod.SIGKILL);
                pod.agentEnded();
            }
            case VM_PAUSED -> pod.pause(world.duration(draw, 40));
            case POD_REPLACED -> pods.replace(pod, draw);
            case POD_FAILED -> pods.fail(pod, draw);
            case JOB_FAILED, JOB_FINISHED, JOB_CANCELED -> {
                return jm != null && jm.endJob(status(fault));
            }
            case API_OUTAGE, API_THROTTLED, API_FORBIDDEN, STORAGE_OUTAGE ->
                    world.begin(fault, world.duration(draw, 20));
            default -> throw new IllegalArgumentException("nobody can arm " + fault);
        }
        return true;
    }

    private boolean onWitness(Fault fault, SimPod pod, Random draw) {
        long until = world.now() + world.duration(draw, 60);
        switch (fault) {
            case API_CUT -> {
                boolean blinks = world.schedule.profile().equals(Profile.API_BLINKS);
                long back = blinks ? world.now() + 8 * SimWorld.SECOND : until;
                pod.cutOffUntil = Math.max(pod.cutOffUntil, back);
            }
            case POD_DELETED -> pods.delete(pod, draw);
            case STORE_CUT -> pod.storeCutUntil = Math.max(pod.storeCutUntil, until);
            case STANDBY_GONE -> world.loseStandby();
            case MARKS_DELETED -> world.store.deleteMarks();
            case FAILSAFE_SWITCHED -> world.failsafe = !world.failsafe;
            case MANIFEST_SET_BACK -> {
                return setBack(draw);
            }
            case API_READ_ONLY ->
                    world.begin(fault, 30 * SimWorld.SECOND + world.duration(draw, 120));
            default ->
                    world.begin(Fault.API_OUTAGE, 30 * SimWorld.SECOND + world.duration(draw, 120));
        }
        return true;
    }

    /** Only where the storage has what is taken away: nobody could know of it otherwise. */
    private boolean setBack(Random draw) {
        List<Manifest> written = world.api.written();
        if (written.isEmpty() || !left.isCopied()) {
            return false;
        }
        List<Manifest> same =
                written.stream()
                        .filter(one -> one.epoch() == written.getLast().epoch())
                        .filter(one -> one.holdSeconds() > 0)
                        .toList();
        if (same.isEmpty() || !left.manifestIsThere()) {
            return false;
        }
        world.api.putManifest(same.get(draw.nextInt(same.size())));
        return true;
    }

    private static JobResult.Status status(Fault fault) {
        return JobResult.Status.valueOf(fault.name().substring("JOB_".length()));
    }

    private void onProcess(Fault fault, SimPod pod, SimJobManager jm, Random draw) {
        switch (fault) {
            case JOB_MANAGER_FROZEN -> jm.freeze(world.duration(draw, 30));
            case JOB_MANAGER_HANGS -> jm.freeze(SimWorld.HORIZON.toNanos());
            case MAIN_THREADS_HANG -> jm.troubles.hangMainThreads(world.duration(draw, 30));
            case NO_PROGRESS -> jm.troubles.stall(world.duration(draw, 60));
            case JOB_MANAGER_EXITS -> jm.die(0);
            case SUPERVISOR_KILLED -> pod.containerEnded();
            default -> jm.die(SimPod.SIGKILL);
        }
    }

    private boolean wish(Fault fault, Random draw) {
        LeaseRecord lease = world.api.lease();
        if (lease == null) {
            return false;
        }
        if (fault == Fault.STEP_DOWN_ASKED) {
            return world.api.wish(new Wishes("", lease.epoch(), "", 0));
        }
        long duration = world.duration(draw, 30);
        world.after(duration, () -> world.api.wish(Wishes.NONE));
        boolean paused = world.api.wish(new Wishes("for a while", 0, "", 0));
        if (paused) {
            world.pausedUntil = Math.max(world.pausedUntil, world.now() + duration);
        }
        return paused;
    }

    private boolean onLease(Fault fault) {
        if (world.api.lease() == null) {
            return false;
        }
        if (fault == Fault.LEASE_CLEARED) {
            world.api.clearHolder();
            return true;
        }
        if (!left.manifestWitnesses() && !left.leaderConfigMapWitnesses()) {
            return false;
        }
        if (fault == Fault.LEASE_DELETED) {
            world.api.deleteLease();
        } else {
            world.api.replaceLease();
        }
        return true;
    }

    private boolean onRecords(Fault fault, Random draw) {
        List<Manifest> written = world.api.written();
        if (written.isEmpty()) {
            return false;
        }
        if (fault == Fault.PLAN_DAMAGED) {
            return damagePlan();
        }
        if (fault == Fault.LEADER_CONFIGMAP_DELETED) {
            boolean safe = left.manifestWitnesses() || left.leaseWitnesses();
            if (safe && world.api.publishedEpoch() > 0) {
                world.api.deleteLeaderConfigMap();
                return true;
            }
            return false;
        }
        Manifest old = written.get(draw.nextInt(written.size()));
        // The manifest fences a leader whose clock stood still; without it, the leader ConfigMap.
        boolean paused = world.pods.stream().anyMatch(SimPod::excused);
        boolean known = left.leaderConfigMapWitnesses() || (left.leaseWitnesses() && !paused);
        if (!known || (!world.settings.hold().isZero() && !left.isCopied())) {
            return false;
        }
        if (fault == Fault.MANIFEST_EDITED) {
            // The person looks at what is there, and changes one thing of it.
            if (!left.manifestIsThere() || world.api.stored().plan() == null) {
                return false;
            }
            Manifest now = world.api.stored();
            world.api.putManifest(now.withPlan(now.run(), null));
            return true;
        }
        if (fault == Fault.MANIFEST_DELETED) {
            world.api.deleteManifest();
        } else if (fault == Fault.MANIFEST_GARBLED) {
            world.api.garbleManifest();
        } else if (old.epoch() < written.getLast().epoch()) {
            world.api.putManifest(old);
        } else {
            return false;
        }
        world.checker.tampered();
        return true;
    }

    /** The Job controller does what it was told: such a Job is over, whatever its pod does. */
    private void failJob() {
        JobView job = world.api.job();
        if (world.gaveUp.contains(job.uid()) && !job.over()) {
            world.trace(() -> "the Job has failed, as it was told");
            world.api.putJob(
                    new JobView(
                            job.uid(),
                            job.version() + "-over",
                            job.suspended(),
                            job.deleting(),
                            true,
                            job.failed(),
                            job.backoffLimit(),
                            job.resumedAt(),
                            job.shownSuspended()));
        }
    }

    private boolean damagePlan() {
        if (world.api.manifest() instanceof ManifestView.Present present
                && present.manifest().plan() != null) {
            world.damagedPlans.put(present.manifest().plan().sha256(), "the plan is damaged");
            return true;
        }
        return false;
    }

    /** Where the manifest was lost for good, the agents refuse; then the backup is put back. */
    private void personHelps() {
        List<Manifest> written = world.api.written();
        if (written.isEmpty()) {
            return;
        }
        if (!left.manifestIsThere()) {
            world.trace(() -> "somebody puts the newest manifest back");
            world.api.putManifest(written.getLast());
        }
        Manifest manifest = world.api.stored();
        boolean over =
                manifest.result() != null
                        && manifest.revision() != null
                        && manifest.revision()
                                .controller()
                                .equals(world.settingsOfThisJob().controllerUid());
        if ((over && !world.parks()) || world.api.job().over()) {
            applyNewJob();
        }
    }

    /** What has ended in a Job does not run in it again: the next one brings pods of its own. */
    private void applyNewJob() {
        world.trace(() -> "somebody applies a new Job");
        world.job++;
        world.revision++;
        String uid = world.settingsOfThisJob().controllerUid();
        world.api.putJob(
                new JobView(uid, uid, false, false, false, 0, Integer.MAX_VALUE, null, false));
        pods.replaceAll();
    }
}
