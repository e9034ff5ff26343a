package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.AgentMachine;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Incarnation;
import io.flinkha.agent.core.Invariants;
import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.ManifestView;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One agent process: the real machine, with the loop and the dispatcher as the runtime has them.
 */
final class SimAgent {
    private static final long TICK = 200 * SimWorld.MILLI;
    private static final long GAP = SimWorld.SECOND;

    private final SimPod pod;
    private final SimWorld world;
    private final AgentMachine machine;
    private final Map<Long, Consumer<@Nullable Reply>> callers = new HashMap<>();
    private final Deque<Event> mailbox = new ArrayDeque<>();
    private State state = State.initial();
    private boolean alive = true;
    private boolean frozen;
    private long lastTick;
    private long requests;

    SimAgent(SimPod pod, String nonce) {
        this.pod = pod;
        this.world = pod.world;
        machine = new AgentMachine(SimWorld.SETTINGS, new Incarnation(pod.holder(), nonce));
    }

    State state() {
        return state;
    }

    void start() {
        lastTick = here();
        tick();
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
        frozen = true;
        world.after(
                duration,
                () -> {
                    frozen = false;
                    while (alive && !frozen && !mailbox.isEmpty()) {
                        take(mailbox.poll());
                    }
                });
    }

    void offer(Event event) {
        if (!alive) {
            return;
        }
        if (frozen) {
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
        return pod.clock.at(world.now());
    }

    private void tick() {
        if (!alive) {
            return;
        }
        if (!frozen && here() - lastTick >= TICK) {
            lastTick = here();
            step(new Event.Tick());
        }
        world.after(pod.clock.trueNanos(TICK) + world.between(0, 5 * SimWorld.MILLI), this::tick);
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
        state = transition.state();
        for (Action action : transition.actions()) {
            perform(action);
        }
    }

    private void trace(Event event, Transition transition) {
        List<Action> actions = transition.actions();
        boolean quiet =
                state.phase() == transition.state().phase()
                        && actions.stream()
                                .allMatch(action ->
                                        action instanceof Action.ProbeLock
                                                || action instanceof Action.Answer);
        if (!quiet || event instanceof Event.LeaseEvent || event instanceof Event.ManifestEvent) {
            world.trace(() ->
                    "%s %s epoch %d: %s -> %s"
                            .formatted(
                                    pod.name,
                                    transition.state().phase(),
                                    transition.state().election().epoch(),
                                    event,
                                    actions));
        }
    }

    private void perform(Action action) {
        switch (action) {
            case Action.Answer answer -> {
                Consumer<@Nullable Reply> caller = callers.remove(answer.request());
                if (caller != null) {
                    world.after(local(), () -> caller.accept(answer.reply()));
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
            case Action.CheckPlan check ->
                    world.after(
                            world.between(10 * SimWorld.MILLI, SimWorld.SECOND / 2),
                            () -> {
                                String sha256 = check.plan().sha256();
                                offer(
                                        !world.calm && world.chance(0.1)
                                                ? new Event.PlanUncheckable(
                                                        check.call(), "storage is slow")
                                                : new Event.PlanChecked(
                                                        check.call(),
                                                        sha256,
                                                        world.damagedPlans.get(sha256)));
                            });
            case Action.ReadManifest read -> request(() -> readManifest(read.call()));
            case Action.WriteLease write -> send(write.deadline(), write);
            case Action.WriteManifest write -> send(write.deadline(), write);
            case Action.Publish publish -> send(publish.deadline(), publish);
            case Action.ReadLease read -> send(Long.MAX_VALUE, read);
            case Action.CreateEmptyLease create -> send(Long.MAX_VALUE, create);
            case Action.ReleaseLease release -> send(Long.MAX_VALUE, release);
        }
    }

    /** Between two threads or over loopback; seldom one of them has to wait for a core. */
    private long local() {
        return !world.calm && world.chance(0.02)
                ? world.between(0, 2 * SimWorld.SECOND)
                : world.between(0, 3 * SimWorld.MILLI);
    }

    /** Network, one way. */
    private long remote() {
        boolean slow = !world.calm && world.chance(0.15);
        return world.between(0, slow ? 9 * SimWorld.SECOND : SimWorld.SECOND / 2);
    }

    /** A write whose deadline has passed when its thread runs is not sent. */
    private void send(long deadline, Action action) {
        world.after(
                local(),
                () -> {
                    if (alive && here() < deadline) {
                        request(() -> {
                            Event answer = world.api.perform(action);
                            if (answer != null) {
                                reply(answer);
                            }
                        });
                    } else {
                        Event tooLate = unreachable(action);
                        if (tooLate != null) {
                            offer(tooLate);
                        }
                    }
                });
    }

    private void request(Runnable whenArrived) {
        if (world.chance(world.loss)) {
            return;
        }
        world.after(
                remote(),
                () -> {
                    if (!world.apiIsDown()) {
                        whenArrived.run();
                    }
                });
    }

    private void reply(Event answer) {
        if (!world.chance(world.loss) && !world.apiIsDown()) {
            world.after(remote(), () -> offer(answer));
        }
    }

    /** Two requests, one after the other, as the dispatcher sends them. */
    private void readManifest(long call) {
        ManifestView view = world.api.manifest();
        world.after(
                remote() + remote(),
                () -> {
                    if (!world.chance(world.loss) && !world.apiIsDown()) {
                        reply(new Event.ManifestRead(call, view, world.api.publishedEpoch()));
                    }
                });
    }

    private static @Nullable Event unreachable(Action action) {
        String reason = "its deadline has passed";
        return switch (action) {
            case Action.WriteLease write ->
                    new Event.LeaseFailed(write.call(), Outcome.UNREACHABLE, reason);
            case Action.WriteManifest write ->
                    new Event.ManifestFailed(write.call(), Outcome.UNREACHABLE, reason);
            case Action.Publish publish ->
                    new Event.PublishFailed(publish.call(), Outcome.UNREACHABLE, reason);
            default -> null;
        };
    }
}
