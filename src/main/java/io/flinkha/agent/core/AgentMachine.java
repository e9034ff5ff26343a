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

    private final LeaseSteps lease;
    private final ManifestSteps manifest;
    private final JobManagerSteps jobManager;
    private final WitnessSteps witness;
    private final StartSteps start;
    private final LeaderAddressSteps leaderAddresses;
    private final JobSteps job;
    private final PodSteps pods;
    private final ProcessSteps process;
    private final StandbySteps standby;
    private final Duration callTimeout;

    public AgentMachine(Settings settings, Incarnation incarnation) {
        callTimeout = settings.callTimeout();
        pods = new PodSteps(settings, incarnation);
        witness = new WitnessSteps(settings, incarnation);
        standby = new StandbySteps(settings, incarnation);
        lease = new LeaseSteps(settings, incarnation, pods, witness, standby);
        manifest = new ManifestSteps(settings, incarnation);
        job = new JobSteps(settings, incarnation);
        process = new ProcessSteps(settings, standby);
        leaderAddresses = new LeaderAddressSteps(settings, incarnation);
        jobManager =
                new JobManagerSteps(settings, incarnation, job, process, standby, leaderAddresses);
        start = new StartSteps(settings, incarnation);
    }

    public Transition step(State state, Moment moment, Event event) {
        if (state.phase() == Phase.TERMINATED) {
            return new Transition(state, List.of());
        }
        Draft draft = new Draft(state, moment);
        letTimePass(draft);
        note(draft, event);
        act(draft);
        Transition transition = draft.done(event);
        Invariants.check(state, transition);
        return transition;
    }

    /** Ends of the JobManager that count against its budget now, by the rule that decides. */
    public int failures(State state, Moment moment) {
        return job.failures(state, moment);
    }

    private void letTimePass(Draft draft) {
        expire(draft, draft.lease, callTimeout, lease::failed);
        expire(draft, draft.manifest, callTimeout, manifest::failed);
        manifest.dropImpatient(draft);
        expire(draft, draft.leaderAddresses, callTimeout, leaderAddresses::failed);
        expire(draft, draft.storage, StartSteps.STORAGE_TIMEOUT, start::failed);
        witness.expire(draft);
        expire(draft, draft.job, callTimeout, job::failed);
        expire(draft, draft.pods, callTimeout, pods::failed);
        expire(draft, draft.process, callTimeout, process::failed);
        process.letTimePass(draft);
        if (draft.state.holdsLease() && draft.now >= draft.state.deadline()) {
            draft.stepDown(
                    Cause.LOST,
                    draft.witness.heldSince == 0
                            ? "the Lease could not be renewed within the renew deadline"
                            : "neither the API server nor the storage answered in time");
        }
    }

    private void note(Draft draft, Event event) {
        switch (event) {
            case Event.Tick tick -> draft.probe();
            case Event.StopRequested stop -> {
                if (draft.state.stopBy == 0) {
                    draft.state.stopBy = draft.now + STOP_GRACE.toNanos();
                }
                draft.probe();
            }
            case Event.AdapterFailed failed -> {
                draft.gate.probing = false;
                draft.stepDown(
                        Cause.BROKEN,
                        "port %s failed: %s".formatted(failed.port(), failed.reason()));
            }
            case Event.LockProbed probed -> {
                if (draft.state.phase == Phase.CONTENDING
                        && !probed.lock().equals(draft.gate.lock)) {
                    draft.lease.nextAt = draft.now;
                }
                draft.gate.lock = probed.lock();
                draft.gate.probing = false;
                if (draft.gate.probeAgain) {
                    draft.gate.probeAgain = false;
                    draft.probe();
                }
            }
            case Event.LeaseEvent answer -> lease.note(draft, answer);
            case Event.LeaseHinted hint -> standby.noteHint(draft);
            case Event.ManifestEvent answer -> {
                if (manifest.note(draft, answer)) {
                    lease.decide(draft);
                }
            }
            case Event.PlanChecked checked -> start.noteChecked(draft, checked);
            case Event.MirrorLookedFor found -> start.noteMirror(draft, found);
            case Event.StorageUnreachable failed -> start.noteUnreachable(draft, failed);
            case Event.StorageProven proven -> witness.noteProven(draft);
            case Event.WitnessEvent answer -> witness.note(draft, answer);
            case Event.AddressesEvent answer -> leaderAddresses.note(draft, answer);
            case Event.JobEvent answer -> job.note(draft, answer);
            case Event.PodEvent answer -> pods.note(draft, answer);
            case Event.EndsRead read -> process.note(draft, read);
            case Event.Request request -> jobManager.note(draft, request);
        }
    }

    private void act(Draft draft) {
        if (draft.state.stopBy > 0 && draft.state.phase != Phase.STEPPING_DOWN) {
            actOnStop(draft);
        }
        // While it reattaches, neither the Lease nor the JobManager is its own to give up.
        if (draft.state.holdsLease()
                && draft.state.phase != Phase.REATTACHING
                && draft.state.wishes().end(draft.lease.epoch)) {
            draft.stepDown(
                    Cause.ASKED, "somebody asked epoch %d to end".formatted(draft.lease.epoch));
        }
        jobManager.followDeath(draft);
        process.act(draft);
        if (draft.state.verdict == null) {
            job.steer(draft);
        }
        switch (draft.state.phase) {
            case CONTENDING -> {
                standby.contend(draft);
                lease.contend(draft);
                witness.contend(draft);
                leaderAddresses.look(draft);
            }
            case REATTACHING -> {
                lease.renew(draft);
                witness.ask(draft);
            }
            case CLAIMING, OPENING, LEADING -> {
                manifest.claim(draft);
                lease.renew(draft);
                witness.ask(draft);
                start.prepare(draft);
                manifest.write(draft);
                witness.commit(draft);
                leaderAddresses.write(draft);
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
        if (!draft.state.holdsLease()) {
            draft.terminate(new Verdict(Cause.STOPPED, "the agent was asked to stop"));
        } else if (draft.state.noEpochIsServed()) {
            draft.stepDown(Cause.STOPPED, "the agent was asked to stop");
        } else if (draft.now >= draft.state.stopBy) {
            draft.terminate(
                    new Verdict(
                            Cause.STOPPED,
                            "the agent was asked to stop; the JobManager lives, the Lease stays"));
        }
    }

    private interface Failure {
        void noted(Draft draft, Call call, Outcome outcome);
    }

    /** A call that was not answered in time has failed with an outcome that nobody knows. */
    private static void expire(Draft draft, Slot slot, Duration timeout, Failure failure) {
        Call call = slot.expired(draft.now, timeout);
        if (call != null) {
            failure.noted(draft, call, Outcome.UNKNOWN);
        }
    }
}
