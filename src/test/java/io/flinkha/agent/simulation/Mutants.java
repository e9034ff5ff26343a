package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Incarnation;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.States;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.ManifestView;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.restart.PodView;
import io.flinkha.agent.core.restart.Start;
import io.flinkha.agent.core.restart.StartRules;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Each rule switched off alone, and the worlds in which that is seen. */
final class Mutants {

    /**
     * One rule less.
     *
     * @param limit within so many worlds it has to be caught
     */
    record Mutant(String rule, Profile profile, int limit, Mutation mutation) {}

    private Mutants() {}

    static List<Mutant> all() {
        return Stream.of(
                        ofTheLease(),
                        ofTheState(),
                        ofParking(),
                        ofTheProcess(),
                        WitnessMutants.all(),
                        StandbyMutants.all())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Mutant> ofTheLease() {
        Profile any = Profile.ORDINARY;
        Profile tight = Profile.TIGHT;
        return List.of(
                core("release mark (R1)", any, 2_000, CoreMutants::noReleaseMark),
                core("equal epochs of mark and manifest", any, 2_000, CoreMutants::noEqualEpochs),
                core(
                        "confirming Lease write",
                        Profile.FIRST_START,
                        20_000,
                        CoreMutants::noConfirmation),
                new Mutant("only empty Leases are created", any, 2_000, createsHeldLeases()),
                core(
                        "no release while the JobManager lives",
                        any,
                        2_000,
                        CoreMutants::earlyRelease),
                core("a step-down names its epoch", any, 2_000, CoreMutants::stepDownOfAnyEpoch),
                core("correlation: Lease port", any, 2_000, CoreMutants::noCorrelationOfLeaseCalls),
                core(
                        "correlation: manifest port",
                        any,
                        2_000,
                        CoreMutants::noCorrelationOfManifestCalls),
                core(
                        "death is the lock, not silence (R8)",
                        Profile.FROZEN,
                        2_000,
                        CoreMutants::deathBySilence),
                core(
                        "no takeover beside an unknown JobManager",
                        Profile.RESTARTS,
                        500,
                        CoreMutants::takesOverBesideAnUnknownJobManager),
                new Mutant("a pod that is absent may live", any, 5_000, takesAbsenceForDeath()),
                core("renew deadline", tight, 2_000, CoreMutants::noRenewDeadline),
                core(
                        "deadline counts from the request: agent",
                        tight,
                        20_000,
                        CoreMutants::countsFromTheReply),
                lapse(
                        "deadline counts from the request: jar",
                        tight,
                        5_000,
                        Lapse.COUNTS_FROM_THE_ANSWER));
    }

    private static List<Mutant> ofTheState() {
        Profile any = Profile.ORDINARY;
        return List.of(
                lapse("start with the grant (R5)", any, 2_000, Lapse.START_AT_REGISTRATION),
                lapse("restoredFrom apart (R2)", any, 2_000, Lapse.OWNS_WHAT_IT_WAS_RESTORED_FROM),
                lapse(
                        "ids from the reserved end (R12)",
                        any,
                        2_000,
                        Lapse.IDS_FROM_THE_LAST_CHECKPOINT),
                lapse(
                        "an unknown outcome is no refusal (R10)",
                        any,
                        2_000,
                        Lapse.UNKNOWN_IS_REFUSAL),
                lapse(
                        "delete only after the commit (R10)",
                        any,
                        2_000,
                        Lapse.DELETES_BEFORE_COMMIT),
                core(
                        "three witnesses: Lease and leader ConfigMap (R6)",
                        any,
                        2_000,
                        () -> CoreMutants.blindTo(false, false)),
                core(
                        "three witnesses: Lease (R6)",
                        any,
                        5_000,
                        () -> CoreMutants.blindTo(false, true)),
                core(
                        "three witnesses: leader ConfigMap (R6)",
                        any,
                        5_000,
                        () -> CoreMutants.blindTo(true, false)),
                core(
                        "no acknowledgement before the commit",
                        any,
                        2_000,
                        CoreMutants::acknowledgesAtOnce),
                core("fence on the manifest", any, 20_000, CoreMutants::noFence),
                new Mutant(
                        "only empty manifests are created",
                        Profile.LOST_MANIFEST,
                        2_000,
                        createsManifestsWithContent()),
                new Mutant("compare-and-swap: manifest", any, 2_000, blindPuts(false)),
                new Mutant("compare-and-swap: Lease", any, 2_000, blindPuts(true)));
    }

    private static List<Mutant> ofParking() {
        return List.of(
                core("park proof (R4)", Profile.PARKED, 2_000, CoreMutants::newPodIsAResume),
                core(
                        "park proof is newer than the intent (R4)",
                        Profile.PARKED,
                        2_000,
                        CoreMutants::intentWithoutADate));
    }

    private static List<Mutant> ofTheProcess() {
        Profile any = Profile.ORDINARY;
        return List.of(
                core("a JobManager that hangs is killed", any, 2_000, CoreMutants::noWatchdog),
                core(
                        "silence counts while the agent is awake",
                        any,
                        2_000,
                        CoreMutants::countsItsOwnSleep),
                lapse("an order names the process (R18)", any, 5_000, Lapse.ORDER_OF_ANY_PROCESS),
                lapse("no end without a record (R19)", any, 2_000, Lapse.FINAL_WITHOUT_A_RECORD),
                new Mutant(
                        "nobody is killed while paused (R18)",
                        Profile.BUDGET,
                        500,
                        PauseMutants.killsWhilePaused()),
                lapse("no start while held (R18)", Profile.BUDGET, 500, Lapse.STARTS_WHILE_HELD),
                new Mutant(
                        "a budget that is used up ends the Job (R19)",
                        Profile.BUDGET,
                        500,
                        PauseMutants.endlessBudget()));
    }

    private static Mutant core(String rule, Profile profile, int limit, Rewrite.Maker maker) {
        return new Mutant(rule, profile, limit, Rewrite.mutation(maker));
    }

    private static Mutant lapse(String rule, Profile profile, int limit, Lapse broken) {
        return new Mutant(
                rule,
                profile,
                limit,
                new Mutation() {
                    @Override
                    public boolean lapses(Lapse lapse) {
                        return lapse == broken;
                    }
                });
    }

    private static Mutation takesAbsenceForDeath() {
        return new Mutation() {
            @Override
            public @Nullable Event perform(SimApiServer api, Action action, Incarnation me) {
                Event answer = api.perform(action);
                return answer instanceof Event.PodRead read && read.pod() == null
                        ? new Event.PodRead(
                                read.call(),
                                read.name(),
                                new PodView("uid-" + read.name(), false, true))
                        : answer;
            }
        };
    }

    private static Mutation createsHeldLeases() {
        return new Mutation() {
            @Override
            public @Nullable Event perform(SimApiServer api, Action action, Incarnation me) {
                return action instanceof Action.CreateEmptyLease create
                        ? api.createHeld(
                                create.call(),
                                new LeaseRecord(me.holder(), me.nonce(), 0, 0, 0, 15, ""))
                        : api.perform(action);
            }
        };
    }

    /** Who creates the manifest says in it what it wants it to say. */
    private static Mutation createsManifestsWithContent() {
        Map<Action, Manifest> contents = Collections.synchronizedMap(new IdentityHashMap<>());
        return new Mutation() {
            @Override
            public Machine wrap(Machine real, Settings settings, Incarnation me) {
                return (state, moment, event) -> {
                    Transition transition = real.step(state, moment, event);
                    Manifest wanted = States.wanted(transition.state());
                    for (Action action : transition.actions()) {
                        if (action instanceof Action.CreateEmptyManifest && wanted != null) {
                            contents.put(action, wanted);
                        }
                    }
                    return transition;
                };
            }

            @Override
            public @Nullable Event perform(SimApiServer api, Action action, Incarnation me) {
                return action instanceof Action.CreateEmptyManifest create
                        ? api.createManifest(
                                create.call(), contents.getOrDefault(action, Manifest.EMPTY))
                        : api.perform(action);
            }
        };
    }

    /** Writes name the version that is there, not the one that was read. */
    private static Mutation blindPuts(boolean lease) {
        return new Mutation() {
            @Override
            public @Nullable Event perform(SimApiServer api, Action action, Incarnation me) {
                LeaseRecord known = api.lease();
                if (action instanceof Action.WriteManifest write && !lease) {
                    return api.writeBlindly(write);
                }
                if (action instanceof Action.WriteLease write && lease && known != null) {
                    return api.perform(
                            new Action.WriteLease(
                                    write.call(), write.lease().withVersion(known.version())));
                }
                return api.perform(action);
            }
        };
    }

    /** What a JobManager would be told if the start came with its registration. */
    static @Nullable Start startOf(SimWorld world, String userCode, String jm) {
        if (!(world.api.manifest() instanceof ManifestView.Present present)) {
            return null;
        }
        Revision revision =
                new Revision(world.settingsOfThisJob().controllerUid(), "2.3.0", userCode);
        Start start =
                StartRules.decide(
                                present.manifest(),
                                new StartRules.Circumstances(
                                        revision,
                                        "early" + jm,
                                        null,
                                        false,
                                        world.settings.restore(),
                                        null,
                                        null,
                                        false,
                                        0))
                        .start();
        return start instanceof Start.Halt ? null : start;
    }
}
