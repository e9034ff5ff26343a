package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.AgentMachine;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Fact;
import io.flinkha.agent.core.Incarnation;
import io.flinkha.agent.core.Invariants;
import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.Phase;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.States;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.restart.Signal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One agent process: the real machine, with the loop and the dispatcher as the runtime has them.
 */
final class SimAgent {
    private static final long TICK = 200 * SimWorld.MILLI;
    private static final long GAP = SimWorld.SECOND;

    private final SimPod pod;
    private final SimWorld world;
    private final Incarnation me;
    private final Mutation.Machine machine;
    private final Map<Long, Consumer<@Nullable Reply>> callers = new HashMap<>();
    private final Deque<Event> mailbox = new ArrayDeque<>();
    private State state = State.initial();
    private boolean alive = true;
    private long frozenUntil;
    private long lastTick;
    private long requests;
    private long toldAt;

    /** True time since which it leads and knows that it is paused; -1 if it does not. */
    private long pausedSince = -1;

    SimAgent(SimPod pod, String nonce) {
        this.pod = pod;
        this.world = pod.world;
        me = new Incarnation(pod.holder(), nonce);
        machine = world.mutation.wrap(new AgentMachine(pod.settings, me)::step, pod.settings, me);
    }

    State state() {
        return state;
    }

    /** So long that its supervisor has been told, too. */
    boolean knowsOfPause() {
        return alive && pausedSince >= 0 && world.now() - pausedSince > 3 * SimWorld.SECOND;
    }

    void start() {
        lastTick = here();
        tick();
        if (!pod.settings.hold().isZero()) {
            proveStorage();
        }
    }

    /** The self-test, until it is passed. */
    private void proveStorage() {
        world.after(
                world.between(50 * SimWorld.MILLI, SimWorld.SECOND),
                () -> {
                    boolean away =
                            world.under(Fault.STORAGE_OUTAGE) || world.now() < pod.storeCutUntil;
                    if (alive && (frozen() || away)) {
                        world.after(5 * SimWorld.SECOND, this::proveStorage);
                    } else if (alive) {
                        offer(new Event.StorageProven());
                    }
                });
    }

    /** No code of it runs any more; what it has sent is under way. */
    void end() {
        alive = false;
        for (Consumer<@Nullable Reply> caller : List.copyOf(callers.values())) {
            world.after(SimWorld.MILLI, () -> caller.accept(null));
        }
        callers.clear();
    }

    /** SIGSTOP, or a node under memory pressure: events pile up. */
    void freeze(long duration) {
        frozenUntil = Math.max(frozenUntil, world.now() + duration);
        world.after(
                duration,
                () -> {
                    while (alive && !frozen() && !mailbox.isEmpty()) {
                        take(mailbox.poll());
                    }
                });
    }

    private boolean frozen() {
        return world.now() < frozenUntil;
    }

    void offer(Event event) {
        if (!alive) {
            return;
        }
        if (frozen()) {
            mailbox.add(event);
        } else {
            take(event);
        }
    }

    void ask(LongFunction<Event> request, Consumer<@Nullable Reply> caller) {
        long id = ++requests;
        callers.put(id, caller);
        offer(request.apply(id));
    }

    private long here() {
        return pod.here();
    }

    private void tick() {
        if (!alive) {
            return;
        }
        if (!frozen() && here() - lastTick >= TICK) {
            lastTick = here();
            step(new Event.Tick());
        }
        pod.after(TICK + world.between(0, 5 * SimWorld.MILLI), this::tick);
    }

    /** After a gap a Tick goes first: what was queued is judged by the time it is now. */
    private void take(Event event) {
        if (here() - lastTick > GAP) {
            lastTick = here();
            step(new Event.Tick());
        }
        step(event);
    }

    private void step(Event event) {
        if (!alive) {
            return;
        }
        Transition transition;
        try {
            transition =
                    machine.step(state, new Moment(here(), world.now() / SimWorld.MILLI), event);
        } catch (Invariants.Violation e) {
            world.checker.broken(
                    "%s: invariant: %s after %s in %s"
                            .formatted(pod.name, e.getMessage(), event, state));
            return;
        }
        trace(event, transition);
        mirror(transition);
        count(transition);
        state = transition.state();
        boolean leads =
                state.lease().epoch() > 0
                        && state.manifest().claimed() == state.lease().epoch()
                        && state.verdict() == null;
        boolean paused = leads && state.wishes().isPaused();
        pausedSince = !paused ? -1 : pausedSince < 0 ? world.now() : pausedSince;
        for (Action action : transition.actions()) {
            perform(action);
        }
    }

    private void count(Transition transition) {
        if (transition.facts().stream().anyMatch(Fact.HandedOver.class::isInstance)) {
            world.tally.handOvers++;
        }
        State after = transition.state();
        long markedAt = States.markedAt(after);
        if (markedAt > 0
                && markedAt != States.markedAt(state)
                && markedAt == States.earlyAt(after)) {
            world.tally.earlyWaits++;
        }
        if (after.phase() == Phase.CONTENDING
                && transition.actions().stream().anyMatch(Action.PutMark.class::isInstance)) {
            world.tally.earlyMarks++;
        }
    }

    private void mirror(Transition transition) {
        State after = transition.state();
        Manifest committed = after.manifest().committed();
        if (committed == null
                || committed.run() == null
                || committed.holdSeconds() == 0
                || committed.epoch() != after.manifest().claimed()
                || committed.equals(state.manifest().committed())) {
            return;
        }
        // What it finds there is committed as well as what it puts there.
        boolean byStorage =
                transition.facts().stream()
                        .anyMatch(fact ->
                                fact instanceof Fact.CommittedByStorage
                                        || fact instanceof Fact.ManifestHealed);
        if (byStorage) {
            world.checker.committedByStorage(committed);
        }
        pod.storeNetwork.copy(committed);
    }

    private void trace(Event event, Transition transition) {
        List<Action> actions = transition.actions();
        boolean quiet =
                state.phase() == transition.state().phase()
                        && actions.stream()
                                .allMatch(action ->
                                        action instanceof Action.ProbeLock
                                                || action instanceof Action.Answer);
        if (!quiet
                || event instanceof Event.WitnessEvent
                || event instanceof Event.LeaseEvent
                || event instanceof Event.ManifestEvent) {
            world.trace(() ->
                    "%s %s epoch %d: %s -> %s"
                            .formatted(
                                    pod.name,
                                    transition.state().phase(),
                                    transition.state().lease().epoch(),
                                    event,
                                    actions));
        }
    }

    private void perform(Action action) {
        switch (action) {
            case Action.Answer answer -> {
                Consumer<@Nullable Reply> caller = callers.remove(answer.request());
                if (caller != null) {
                    world.after(answerTime(), () -> caller.accept(answer.reply()));
                }
            }
            case Action.Exit exit -> pod.agentEnded();
            case Action.ProbeLock probe ->
                    world.after(
                            local(),
                            () -> {
                                Event seen = new Event.LockProbed(pod.probe());
                                world.after(local(), () -> offer(seen));
                            });
            case Action.ReadEnds read ->
                    world.after(local(), () -> offer(new Event.EndsRead(read.call(), pod.ends())));
            case Action.KillJobManager kill -> order(kill.start());
            case Action.TellSupervisor told -> {
                // One after the other.
                toldAt = Math.max(toldAt, world.now() + local());
                world.after(toldAt - world.now(), () -> pod.tell(told.standing()));
            }
            case Action.CheckPlan check -> {
                String sha256 = check.plan().sha256();
                look(
                        check.call(),
                        () ->
                                new Event.PlanChecked(
                                        check.call(), sha256, world.damagedPlans.get(sha256)));
            }
            case Action.LookForMirror look ->
                    look(look.call(), () -> new Event.MirrorLookedFor(look.call(), null, 0));
            case Action.ReadLease read -> send(read);
            case Action.CreateEmptyLease create -> send(create);
            case Action.WriteLease write -> send(write);
            case Action.ReleaseLease release -> send(release);
            case Action.NameStandby named -> send(named);
            case Action.ReadLeaderAddresses read -> send(read);
            case Action.ReadManifest read -> send(read);
            case Action.CreateEmptyManifest create -> send(create);
            case Action.WriteManifest write -> send(write);
            case Action.ReadJob read -> send(read);
            case Action.SignalJob signal -> {
                if (signal.signal() instanceof Signal.GiveUp) {
                    world.checker.gaveUp(pod);
                }
                send(signal);
            }
            case Action.ReadPod read -> send(read);
            case Action.Publish publish -> send(publish);
            case Action.ToWitness asked -> ask(asked);
        }
    }

    private void ask(Action.ToWitness asked) {
        world.after(
                local(),
                () -> {
                    if (frozen()) {
                        world.after(frozenUntil - world.now(), () -> ask(asked));
                    } else if (alive) {
                        pod.storeNetwork.send(asked, this::offer);
                    }
                });
    }

    private void order(long number) {
        world.checker.ordered(pod, state.wishes().isPaused());
        if (state.verdict() != null) {
            // Its grant may have been lost: then the process does not know that it had a gate.
            pod.outlived.add(number);
        }
        if (!world.strikes(Fault.ORDER_LOST, 0.2)) {
            long delay =
                    world.strikes(Fault.ORDER_LATE, 0.2)
                            ? world.between(0, 20 * SimWorld.SECOND)
                            : local();
            world.after(delay, () -> pod.order(number));
        }
    }

    private void look(long call, Supplier<Event> found) {
        world.after(
                world.between(10 * SimWorld.MILLI, SimWorld.SECOND / 2),
                () -> {
                    boolean away = world.under(Fault.STORAGE_OUTAGE);
                    offer(
                            away || world.strikes(Fault.STORAGE_SLOW, 0.1)
                                    ? new Event.StorageUnreachable(call, "storage is slow")
                                    : found.get());
                });
    }

    /** Between two threads or over loopback; seldom one of them has to wait for a core. */
    private long local() {
        return world.strikes(Fault.LOCAL_SLOW, 0.02)
                ? world.between(0, 2 * SimWorld.SECOND)
                : world.between(0, 3 * SimWorld.MILLI);
    }

    /** In a tight world answers to the JobManager are slow more often than anything else. */
    private long answerTime() {
        boolean tight = world.schedule.profile().equals(Profile.TIGHT);
        return tight && world.strikes(Fault.LOCAL_SLOW, 0.5)
                ? world.between(0, 2 * SimWorld.SECOND)
                : local();
    }

    /**
     * On a thread of its own, which stands still with the process: the request is sent late then.
     */
    private void send(Action action) {
        world.after(
                local(),
                () -> {
                    if (frozen()) {
                        world.after(frozenUntil - world.now(), () -> send(action));
                    } else if (alive) {
                        pod.network.send(action, me, this::offer);
                    }
                });
    }
}
