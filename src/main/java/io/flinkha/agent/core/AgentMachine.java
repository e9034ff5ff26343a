package io.flinkha.agent.core;

import io.flinkha.agent.core.Verdict.Cause;
import java.time.Duration;
import java.util.List;

/**
 * The one decision function of the agent.
 *
 * <p>A step first lets time pass (calls that were not answered, a deadline that was reached), then
 * notes the event, then looks at the whole and emits what is due. An answer whose call id is not
 * the one in flight is late and changes nothing.
 */
public final class AgentMachine {
    /**
     * How long a requested stop waits for the JobManager to end: the kubelet leaves a sidecar at
     * least 2 s.
     */
    static final Duration STOP_GRACE = Duration.ofMillis(1_500);

    /** How long after the gate's deadline an agent that steps down still waits for the lock. */
    static final Duration DEATH_GRACE = Duration.ofSeconds(5);

    private final LeaseSteps lease;
    private final ManifestSteps manifest;
    private final JobManagerSteps jobManager;
    private final StartSteps boot;
    private final LeaderAddressSteps leaderAddresses;
    private final JobSteps job;
    private final PodSteps pods;

    public AgentMachine(Settings settings, Incarnation incarnation) {
        pods = new PodSteps(settings, incarnation);
        lease = new LeaseSteps(settings, incarnation, pods);
        manifest = new ManifestSteps(settings, incarnation);
        job = new JobSteps(settings, incarnation);
        jobManager = new JobManagerSteps(settings, incarnation, job);
        boot = new StartSteps(settings, incarnation);
        leaderAddresses = new LeaderAddressSteps(settings, incarnation);
    }

    public Transition step(State state, Moment moment, Event event) {
        if (state.phase() == Phase.TERMINATED) {
            return new Transition(state, List.of());
        }
        Draft draft = new Draft(state, moment);
        letTimePass(draft);
        note(draft, event);
        act(draft);
        Transition transition = draft.done();
        Invariants.check(state, transition);
        return transition;
    }

    /** Ends of the JobManager that count against its budget now, by the rule that decides. */
    public int failures(State state, Moment moment) {
        return job.failures(new Draft(state, moment));
    }

    private void letTimePass(Draft draft) {
        lease.expireCall(draft);
        manifest.expireCall(draft);
        leaderAddresses.expireCall(draft);
        boot.expireCall(draft);
        job.expireCall(draft);
        pods.expireCall(draft);
        if (draft.holdsLease() && draft.now >= draft.safeUntil) {
            stepDown(draft, Cause.LOST, "the Lease could not be renewed within the renew deadline");
        }
    }

    private void note(Draft draft, Event event) {
        switch (event) {
            case Event.Tick tick -> draft.probe();
            case Event.StopRequested stop -> {
                if (draft.stopBy == 0) {
                    draft.stopBy = draft.now + STOP_GRACE.toNanos();
                }
                draft.probe();
            }
            case Event.AdapterFailed failed -> {
                draft.probing = false;
                stepDown(
                        draft,
                        Cause.BROKEN,
                        "port %s failed: %s".formatted(failed.port(), failed.reason()));
            }
            case Event.LockProbed probed -> {
                if (draft.phase == Phase.CONTENDING && !probed.lock().equals(draft.lock)) {
                    draft.leaseAt = draft.now;
                }
                draft.lock = probed.lock();
                draft.probing = false;
                if (draft.probeAgain) {
                    draft.probeAgain = false;
                    draft.probe();
                }
            }
            case Event.LeaseEvent answer -> lease.note(draft, answer);
            case Event.ManifestEvent answer -> {
                if (manifest.note(draft, answer)) {
                    lease.decide(draft);
                }
            }
            case Event.PlanChecked checked -> boot.noteChecked(draft, checked);
            case Event.MirrorLookedFor found -> boot.noteMirror(draft, found);
            case Event.StorageUnreachable failed -> boot.noteUnreachable(draft, failed);
            case Event.AddressesEvent answer -> leaderAddresses.note(draft, answer);
            case Event.JobEvent answer -> job.note(draft, answer);
            case Event.PodEvent answer -> pods.note(draft, answer);
            case Event.Request request -> jobManager.note(draft, request);
        }
    }

    private void act(Draft draft) {
        if (draft.stopBy > 0 && draft.phase != Phase.STEPPING_DOWN) {
            actOnStop(draft);
        }
        // While it reattaches, neither the Lease nor the JobManager is its own to give up.
        if (draft.holdsLease()
                && draft.phase != Phase.REATTACHING
                && draft.wishes().end(draft.epoch)) {
            stepDown(draft, Cause.ASKED, "somebody asked epoch %d to end".formatted(draft.epoch));
        }
        jobManager.followDeath(draft);
        if (draft.verdict == null) {
            job.steer(draft);
        }
        switch (draft.phase) {
            case CONTENDING -> lease.contend(draft);
            case REATTACHING -> lease.renew(draft);
            case CLAIMING, OPENING, LEADING -> {
                manifest.claim(draft);
                lease.renew(draft);
                boot.prepare(draft);
                manifest.write(draft);
                leaderAddresses.write(draft);
                pods.askForOwn(draft);
                manifest.answer(draft);
            }
            case STEPPING_DOWN -> lease.release(draft);
            case TERMINATED -> {}
        }
    }

    /**
     * A stop is no reason to end a JobManager that lives: a sidecar is asked to stop after its main
     * container has ended, or because it is to be restarted, and then the next agent process
     * re-attaches.
     */
    private static void actOnStop(Draft draft) {
        if (!draft.holdsLease()) {
            terminate(draft, new Verdict(Cause.STOPPED, "the agent was asked to stop"));
        } else if (draft.noEpochIsServed()) {
            stepDown(draft, Cause.STOPPED, "the agent was asked to stop");
        } else if (draft.now >= draft.stopBy) {
            terminate(
                    draft,
                    new Verdict(
                            Cause.STOPPED,
                            "the agent was asked to stop; the JobManager lives, the Lease stays"));
        }
    }

    /** Closes the gate: from here on no deadline is extended and no change is accepted. */
    static void stepDown(Draft draft, Cause cause, String reason) {
        if (draft.verdict != null) {
            return;
        }
        draft.verdict = new Verdict(cause, reason);
        draft.phase = Phase.STEPPING_DOWN;
        ManifestSteps.dismissWaiters(draft, reason);
    }

    /**
     * The same pod leads on under the next number; what was in flight for the last one is
     * abandoned.
     */
    static void newEpoch(Draft draft, long epoch) {
        draft.epoch = epoch;
        draft.phase = Phase.CLAIMING;
        draft.leaseAt = draft.now;
        draft.served = null;
        draft.start = null;
        draft.storageCall = null;
        draft.checkedPlan = null;
        draft.planDamage = null;
        draft.offered = null;
        draft.published = null;
        draft.addressesCall = null;
        ManifestSteps.abandonWrite(draft);
        ManifestSteps.dismissWaiters(draft, "epoch %d begins".formatted(epoch));
    }

    static void terminate(Draft draft, Verdict verdict) {
        if (draft.phase == Phase.TERMINATED) {
            return;
        }
        draft.verdict = draft.verdict == null ? verdict : draft.verdict;
        draft.phase = Phase.TERMINATED;
        draft.emit(new Action.Exit(draft.verdict.exitCode(), draft.verdict.reason()));
    }
}
