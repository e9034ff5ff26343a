package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Call;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Incarnation;
import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.Phase;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.States;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.simulation.Mutants.Mutant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rules of the storage as second witness (R20, R21), each switched off alone. */
final class WitnessMutants {
    private WitnessMutants() {}

    static List<Mutant> all() {
        return Stream.concat(ofMarks().stream(), ofCopies().stream()).toList();
    }

    private static List<Mutant> ofMarks() {
        Profile any = Profile.FAILSAFE;
        Profile tight = Profile.TIGHT_STORE;
        return List.of(
                new Mutant("a takeover leaves a mark (R20)", tight, 2_000, leavesNoMark()),
                core("the leader looks for marks (R20)", tight, 2_000, WitnessMutants::isBlind),
                core("a takeover waits (R20)", tight, 2_000, WitnessMutants::doesNotWait),
                core(
                        "the wait counts from the answer (R20)",
                        tight,
                        20_000,
                        WitnessMutants::waitsFromTheSending),
                core(
                        "a look counts from its sending (R20)",
                        tight,
                        60_000,
                        WitnessMutants::countsFromTheAnswer),
                core(
                        "the own mark has to be there (R20)",
                        any,
                        20_000,
                        WitnessMutants::missesNoMark),
                core(
                        "whoever comes next honours the Lease's hold (R20)",
                        any,
                        20_000,
                        WitnessMutants::honoursOwnSettingOnly),
                core(
                        "the manifest remembers the hold (R20)",
                        any,
                        20_000,
                        WitnessMutants::readsHoldFromTheLeaseAlone),
                core(
                        "an end says nothing of an epoch that was not claimed (R20)",
                        any,
                        60_000,
                        WitnessMutants::takesEveryEndForTheLast),
                core(
                        "the wait of an early mark counts from its answer (R20)",
                        Profile.LOST_NODE,
                        2_000,
                        WitnessMutants::waitsFromTheEarlySending),
                core(
                        "an early mark is about one Lease and one epoch (R20)",
                        Profile.LOST_NODE,
                        2_000,
                        WitnessMutants::takesAnyEarlyMark),
                core(
                        "no early mark against a pod that stays (R20)",
                        Profile.API_BLINKS,
                        2_000,
                        WitnessMutants::marksAgainstEveryHolder),
                core(
                        "time to renew after an outage (R20)",
                        Profile.API_AWAY,
                        2_000,
                        WitnessMutants::countsTheOutage));
    }

    private static List<Mutant> ofCopies() {
        Profile any = Profile.FAILSAFE;
        return List.of(
                new Mutant("a takeover reads the copies (R21)", any, 2_000, ignoresCopies()),
                new Mutant("it reads them after the wait (R21)", any, 20_000, readsCopiesEarly()),
                core(
                        "the look follows the put (R21)",
                        Profile.TIGHT_STORE,
                        20_000,
                        WitnessMutants::acknowledgesThePut),
                core(
                        "no sequence is used twice (R21)",
                        any,
                        20_000,
                        WitnessMutants::usesSequencesTwice),
                core(
                        "one that comes back reads the copies first (R21)",
                        any,
                        20_000,
                        WitnessMutants::comesBackUnread));
    }

    private static Mutant core(String rule, Profile profile, int limit, Rewrite.Maker rewrite) {
        return new Mutant(rule, profile, limit, Rewrite.mutation(rewrite));
    }

    private static Mutation leavesNoMark() {
        return new Mutation() {
            @Override
            public boolean putMark(SimStore store, Action.PutMark put) {
                // The first one's is needed for any hold at all.
                return store.highestMark() > 0 || store.putMark(put.epoch(), put.by());
            }

            @Override
            public Machine wrap(Machine real, Settings settings, Incarnation me) {
                return (state, moment, event) ->
                        real.step(
                                state,
                                moment,
                                state.phase() == Phase.CLAIMING
                                                && event instanceof Event.MarksSeen seen
                                        ? new Event.MarksSeen(seen.call(), true, 0)
                                        : event);
            }
        };
    }

    /** Whatever is found, nobody began a later epoch. */
    private static Rewrite isBlind() {
        return new Rewrite() {
            @Override
            public Event event(State state, Moment moment, Event event) {
                boolean leads = state.phase() == Phase.OPENING || state.phase() == Phase.LEADING;
                return switch (event) {
                    case Event.MarksSeen seen when leads ->
                            new Event.MarksSeen(seen.call(), seen.mine(), 0);
                    case Event.CopyCommitted put ->
                            new Event.CopyCommitted(put.call(), put.mine(), 0);
                    default -> event;
                };
            }
        };
    }

    private static Rewrite doesNotWait() {
        return new Rewrite() {
            @Override
            public State before(State state, Moment moment, Event event) {
                return state.phase() == Phase.CLAIMING ? States.endSeen(state) : state;
            }
        };
    }

    private static Rewrite waitsFromTheSending() {
        return new Rewrite() {
            @Override
            public Transition after(State before, Transition transition, Settings settings) {
                Call call = States.witnessCall(before);
                State after = transition.state();
                return call != null && States.markedAt(after) > States.markedAt(before)
                        ? new Transition(
                                States.withMarkedAt(after, call.sentAt()),
                                transition.actions(),
                                transition.facts())
                        : transition;
            }
        };
    }

    private static Rewrite waitsFromTheEarlySending() {
        return new Rewrite() {
            @Override
            public Transition after(State before, Transition transition, Settings settings) {
                Call call = States.witnessCall(before);
                State after = transition.state();
                return call != null && States.earlyAt(after) > States.earlyAt(before)
                        ? new Transition(
                                States.withEarlyAt(after, call.sentAt()),
                                transition.actions(),
                                transition.facts())
                        : transition;
            }
        };
    }

    private static Rewrite takesAnyEarlyMark() {
        return new Rewrite() {
            @Override
            public State before(State state, Moment moment, Event event) {
                return state.phase() == Phase.CLAIMING ? States.markedEarly(state) : state;
            }
        };
    }

    private static Rewrite marksAgainstEveryHolder() {
        return new Rewrite() {
            @Override
            public State before(State state, Moment moment, Event event) {
                return state.phase() == Phase.CONTENDING ? States.holderLeaves(state) : state;
            }
        };
    }

    private static Rewrite countsFromTheAnswer() {
        return new Rewrite() {
            @Override
            public Transition after(State before, Transition transition, Settings settings) {
                Call call = States.witnessCall(before);
                State after = transition.state();
                if (call == null || States.heldUntil(after) <= States.heldUntil(before)) {
                    return transition;
                }
                long more = after.now() - call.sentAt();
                return new Transition(
                        States.withHeldUntil(after, States.heldUntil(after) + more),
                        transition.actions(),
                        transition.facts());
            }
        };
    }

    private static Rewrite missesNoMark() {
        return new Rewrite() {
            @Override
            public Event event(State state, Moment moment, Event event) {
                return switch (event) {
                    case Event.MarksSeen seen when state.phase() == Phase.LEADING ->
                            new Event.MarksSeen(seen.call(), true, seen.highest());
                    case Event.CopyCommitted put ->
                            new Event.CopyCommitted(put.call(), true, put.highest());
                    default -> event;
                };
            }
        };
    }

    /** Without the setting, it neither marks nor waits nor reads. */
    private static Rewrite honoursOwnSettingOnly() {
        return new Rewrite() {
            @Override
            public Transition after(State before, Transition transition, Settings settings) {
                State after = transition.state();
                return settings.hold().isZero() && after.phase() == Phase.CONTENDING
                        ? new Transition(
                                States.unbound(after), transition.actions(), transition.facts())
                        : transition;
            }
        };
    }

    private static Rewrite readsHoldFromTheLeaseAlone() {
        return new Rewrite() {
            @Override
            public Event event(State state, Moment moment, Event event) {
                return state.phase() == Phase.CONTENDING
                                && event instanceof Event.ManifestRead read
                                && read.view() instanceof ManifestView.Present there
                        ? new Event.ManifestRead(
                                read.call(),
                                new ManifestView.Present(
                                        there.manifest().withHoldSeconds(0), there.version()),
                                read.publishedEpoch(),
                                read.stock())
                        : event;
            }
        };
    }

    private static Rewrite takesEveryEndForTheLast() {
        return new Rewrite() {
            @Override
            public Transition after(State before, Transition transition, Settings settings) {
                State after = transition.state();
                return after.phase() == Phase.CONTENDING && States.holderHasEnded(after)
                        ? new Transition(
                                States.endSeen(after), transition.actions(), transition.facts())
                        : transition;
            }
        };
    }

    private static Rewrite countsTheOutage() {
        return new Rewrite() {
            @Override
            public State before(State state, Moment moment, Event event) {
                return States.seenJustNow(state, moment.nanos());
            }
        };
    }

    private static Mutation ignoresCopies() {
        return new Mutation() {
            @Override
            public Event readCopies(SimStore store, Action.ReadCopies read, String by) {
                return new Event.CopiesRead(read.call(), null, List.of());
            }
        };
    }

    /** As they were when it left its mark. */
    private static Mutation readsCopiesEarly() {
        Map<String, Manifest> early = new ConcurrentHashMap<>();
        return new Mutation() {
            @Override
            public boolean putMark(SimStore store, Action.PutMark put) {
                Manifest newest = store.newestCopy();
                if (newest != null) {
                    early.put(key(store, put.by()), newest);
                }
                return store.putMark(put.epoch(), put.by());
            }

            @Override
            public Event readCopies(SimStore store, Action.ReadCopies read, String by) {
                @Nullable Manifest then = early.get(key(store, by));
                return new Event.CopiesRead(
                        read.call(), then == null ? store.newestCopy() : then, List.of());
            }

            private String key(SimStore store, String by) {
                return System.identityHashCode(store) + by;
            }
        };
    }

    private static Rewrite acknowledgesThePut() {
        return new Rewrite() {
            @Override
            public Event event(State state, Moment moment, Event event) {
                return event instanceof Event.CopyCommitted put
                        ? new Event.CopyCommitted(put.call(), true, 0)
                        : event;
            }
        };
    }

    private static Rewrite usesSequencesTwice() {
        return new Rewrite() {
            @Override
            public State before(State state, Moment moment, Event event) {
                return States.withoutLastSequence(state);
            }
        };
    }

    private static Rewrite comesBackUnread() {
        return new Rewrite() {
            @Override
            public State before(State state, Moment moment, Event event) {
                return state.phase() == Phase.REATTACHING ? States.copiesRead(state) : state;
            }
        };
    }
}
