package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Call;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.Phase;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.States;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.Waiter;
import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.core.restart.JobView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules of the decision core, each switched off by a rewrite around it. */
final class CoreMutants {
    private CoreMutants() {}

    private static LeaseRecord lease(LeaseRecord l, long epoch, long claimed, long released) {
        return new LeaseRecord(
                        l.holder(),
                        l.nonce(),
                        epoch,
                        claimed,
                        released,
                        l.durationSeconds(),
                        l.version())
                .withHold(l.holdSeconds());
    }

    /** An empty holder is taken for a release. */
    static Rewrite noReleaseMark() {
        return new Rewrite() {
            @Override
            public Event event(State state, Moment moment, Event event) {
                if (state.phase() == Phase.CONTENDING
                        && event instanceof Event.LeaseRead read
                        && read.lease() != null
                        && !read.lease().held()) {
                    LeaseRecord l = read.lease();
                    return new Event.LeaseRead(
                            read.call(), lease(l, l.epoch(), l.claimed(), l.epoch()));
                }
                return event;
            }
        };
    }

    /** A Lease that is marked or new is free, whatever epoch the manifest is of. */
    static Rewrite noEqualEpochs() {
        return new Rewrite() {
            @Override
            public State before(State state, Moment moment, Event event) {
                LeaseRecord seen = state.lease().record();
                if (state.phase() == Phase.CONTENDING
                        && event instanceof Event.ManifestRead read
                        && read.view() instanceof ManifestView.Present present
                        && seen != null
                        && (seen.untouched() || seen.releasedInOrder())) {
                    long epoch = present.manifest().epoch();
                    return States.withLease(state, lease(seen, epoch, seen.claimed(), epoch));
                }
                return state;
            }
        };
    }

    /** The gate opens with the claim; the Lease is written again when it is due. */
    static Rewrite noConfirmation() {
        return new Rewrite() {
            @Override
            public Transition after(State before, Transition transition, Settings settings) {
                State after = transition.state();
                long epoch = after.lease().epoch();
                if (after.phase() != Phase.CLAIMING || after.manifest().claimed() != epoch) {
                    return transition;
                }
                long next = after.now() + settings.retryPeriod().toNanos();
                State open = States.opened(after, next);
                List<Action> rest =
                        transition.actions().stream()
                                .filter(action -> !(action instanceof Action.WriteLease))
                                .toList();
                return new Transition(open, rest, transition.facts());
            }
        };
    }

    /** The Lease is given back when the agent ends, whether the JobManager is dead or not. */
    static Rewrite earlyRelease() {
        return new Rewrite() {
            private boolean ends(State state, Event event) {
                return state.phase() == Phase.STEPPING_DOWN
                        || state.stopBy() > 0
                        || event instanceof Event.StopRequested;
            }

            @Override
            public Event event(State state, Moment moment, Event event) {
                return event instanceof Event.LockProbed && ends(state, event)
                        ? new Event.LockProbed(new Lock.Free())
                        : event;
            }

            @Override
            public State before(State state, Moment moment, Event event) {
                return ends(state, event) ? States.withLock(state, new Lock.Free()) : state;
            }
        };
    }

    /** Whatever the Lease port answers is taken for the answer to what is in flight. */
    static Rewrite noCorrelationOfLeaseCalls() {
        return new Rewrite() {
            @Override
            public Event event(State state, Moment moment, Event event) {
                Call call = States.leaseCall(state);
                if (call == null) {
                    return event;
                }
                return switch (event) {
                    case Event.LeaseRead e -> new Event.LeaseRead(call.id(), e.lease());
                    case Event.LeaseWritten e -> new Event.LeaseWritten(call.id(), e.lease());
                    case Event.LeaseFailed e ->
                            new Event.LeaseFailed(call.id(), e.outcome(), e.reason());
                    default -> event;
                };
            }
        };
    }

    /** Whoever leads takes any wish to step down for its own. */
    static Rewrite stepDownOfAnyEpoch() {
        return new Rewrite() {
            @Override
            public Event event(State state, Moment moment, Event event) {
                return switch (event) {
                    case Event.LeaseRead e when e.lease() != null ->
                            new Event.LeaseRead(e.call(), meant(state, e.lease()));
                    case Event.LeaseWritten e ->
                            new Event.LeaseWritten(e.call(), meant(state, e.lease()));
                    default -> event;
                };
            }
        };
    }

    private static LeaseRecord meant(State state, LeaseRecord lease) {
        return lease.wishes().stepDown() == 0
                ? lease
                : lease.withWishes(new Wishes("", state.lease().epoch(), "", 0));
    }

    static Rewrite noCorrelationOfManifestCalls() {
        return new Rewrite() {
            @Override
            public Event event(State state, Moment moment, Event event) {
                Call call = States.manifestCall(state);
                if (call == null) {
                    return event;
                }
                return switch (event) {
                    case Event.ManifestRead e ->
                            new Event.ManifestRead(
                                    call.id(), e.view(), e.publishedEpoch(), e.stock());
                    case Event.ManifestWritten e ->
                            new Event.ManifestWritten(call.id(), e.version());
                    case Event.ManifestFailed e ->
                            new Event.ManifestFailed(call.id(), e.outcome(), e.reason());
                    default -> event;
                };
            }
        };
    }

    /** An agent that comes back takes a new epoch, whoever lives beside it. */
    static Rewrite takesOverBesideAnUnknownJobManager() {
        return new Rewrite() {
            @Override
            public State before(State state, Moment moment, Event event) {
                return state.phase() == Phase.CONTENDING
                                && event instanceof Event.ManifestRead
                                && States.lock(state) instanceof Lock.Held
                        ? States.withLock(state, new Lock.Free())
                        : state;
            }
        };
    }

    /** A JobManager that is silent for three seconds is held for dead, whoever has the lock. */
    static Rewrite deathBySilence() {
        return new Rewrite() {
            private long heardAt;

            @Override
            public Event event(State state, Moment moment, Event event) {
                if (event instanceof Event.Request) {
                    heardAt = moment.nanos();
                }
                boolean silent = moment.nanos() - heardAt > 3 * SimWorld.SECOND;
                return event instanceof Event.LockProbed && silent
                        ? new Event.LockProbed(new Lock.Free())
                        : event;
            }
        };
    }

    /** The gate stays open as long as the Lease lasts. */
    static Rewrite noRenewDeadline() {
        return new Rewrite() {
            @Override
            public Transition after(State before, Transition transition, Settings settings) {
                State after = transition.state();
                if (States.safeUntil(after) <= States.safeUntil(before)) {
                    return transition;
                }
                long more = settings.leaseDuration().minus(settings.renewDeadline()).toNanos();
                return new Transition(
                        States.withSafeUntil(after, States.safeUntil(after) + more),
                        transition.actions());
            }
        };
    }

    /** The deadline counts from the answer to a renewal. */
    static Rewrite countsFromTheReply() {
        return new Rewrite() {
            @Override
            public State before(State state, Moment moment, Event event) {
                Call call = States.leaseCall(state);
                if (event instanceof Event.LeaseWritten written
                        && call != null
                        && call.id() == written.call()) {
                    return States.withLeaseCall(
                            state, new Call(call.id(), call.kind(), moment.nanos()));
                }
                return state;
            }
        };
    }

    /** Some of the three witnesses are not asked. */
    static Rewrite blindTo(boolean leaseIsAsked, boolean leaderConfigMapIsAsked) {
        return new Rewrite() {
            @Override
            public Event event(State state, Moment moment, Event event) {
                return event instanceof Event.ManifestRead read && !leaderConfigMapIsAsked
                        ? new Event.ManifestRead(read.call(), read.view(), 0, read.stock())
                        : event;
            }

            @Override
            public State before(State state, Moment moment, Event event) {
                LeaseRecord seen = state.lease().record();
                return state.phase() == Phase.CONTENDING
                                && event instanceof Event.ManifestRead
                                && seen != null
                                && !leaseIsAsked
                        ? States.withLease(state, lease(seen, seen.epoch(), 0, seen.released()))
                        : state;
            }
        };
    }

    /** An offer is answered before its commit was seen. */
    static Rewrite acknowledgesAtOnce() {
        return new Rewrite() {
            @Override
            public Transition after(State before, Transition transition, Settings settings) {
                List<Action> actions = new ArrayList<>(transition.actions());
                for (Waiter waiter : States.waiters(transition.state())) {
                    actions.add(new Action.Answer(waiter.request(), waiter.reply()));
                }
                return new Transition(States.withoutWaiters(transition.state()), actions);
            }
        };
    }

    /** A pod that is new takes a parked Job that is not suspended for a resumed one (R4). */
    static Rewrite newPodIsAResume() {
        return new Rewrite() {
            @Override
            public Event event(State state, Moment moment, Event event) {
                return event instanceof Event.JobRead read
                                && read.job() != null
                                && !read.job().suspended()
                                && state.job().seen() == null
                        ? new Event.JobRead(read.call(), resumedAt(read.job(), "just now"))
                        : event;
            }
        };
    }

    /** The intent does not say when the Job had been resumed before. */
    static Rewrite intentWithoutADate() {
        return new Rewrite() {
            @Override
            public Event event(State state, Moment moment, Event event) {
                Manifest committed = state.manifest().committed();
                return event instanceof Event.JobRead read
                                && read.job() != null
                                && committed != null
                                && committed.parked() == null
                        ? new Event.JobRead(read.call(), resumedAt(read.job(), null))
                        : event;
            }
        };
    }

    private static JobView resumedAt(JobView job, @Nullable String at) {
        return new JobView(
                job.uid(),
                job.version(),
                job.suspended(),
                job.deleting(),
                job.over(),
                job.failed(),
                job.backoffLimit(),
                at,
                job.shownSuspended());
    }

    /** Whoever hangs is left to itself. */
    static Rewrite noWatchdog() {
        return new Rewrite() {
            @Override
            public Transition after(State before, Transition transition, Settings settings) {
                return new Transition(
                        transition.state(),
                        transition.actions().stream()
                                .filter(action -> !(action instanceof Action.KillJobManager))
                                .toList(),
                        transition.facts());
            }
        };
    }

    /** The time in which the agent itself stood still counts against the JobManager. */
    static Rewrite countsItsOwnSleep() {
        return new Rewrite() {
            @Override
            public State before(State state, Moment moment, Event event) {
                long slept = moment.nanos() - state.now() - SimWorld.SECOND;
                return state.now() > 0 && slept > 0 ? States.withMoreSilence(state, slept) : state;
            }
        };
    }

    /** A manifest of a higher epoch is written over like any other edit. */
    static Rewrite noFence() {
        return new Rewrite() {
            @Override
            public Event event(State state, Moment moment, Event event) {
                return state.phase() != Phase.CONTENDING
                                && event instanceof Event.ManifestRead read
                                && read.view() instanceof ManifestView.Present present
                                && present.manifest().epoch() > state.lease().epoch()
                        ? new Event.ManifestRead(
                                read.call(),
                                new ManifestView.Garbled("not looked at", present.version()),
                                read.publishedEpoch(),
                                read.stock())
                        : event;
            }
        };
    }
}
