package io.flinkha.agent.scenario;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.AgentMachine;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Fact;
import io.flinkha.agent.core.Incarnation;
import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.sentences.Sentences;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** A pod on the stage: its agent process, if one runs, and its lock file. */
final class Actor {
    private static final Settings SETTINGS =
            new Settings(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2), "");

    final String name;
    boolean requestsAreLost;
    boolean repliesAreLost;
    private final Stage stage;
    private final Deque<Event> mailbox = new ArrayDeque<>();
    private final Deque<Action> todo = new ArrayDeque<>();
    private final Map<Long, Consumer<Reply>> callers = new HashMap<>();
    private @Nullable AgentMachine machine;
    private State state = State.initial();
    private Lock lock = new Lock.Free();
    private boolean frozen;
    private boolean busy;
    private int processes;

    Actor(Stage stage, String name) {
        this.stage = stage;
        this.name = name;
    }

    void start() {
        String nonce = name + ++processes;
        Settings settings = stage.twoPods ? SETTINGS.withStandby() : SETTINGS;
        machine = new AgentMachine(settings, new Incarnation("pod-" + name, nonce));
        state = State.initial();
        offer(new Event.Tick());
    }

    void kill() {
        machine = null;
        todo.clear();
        mailbox.clear();
        callers.clear();
    }

    void freeze() {
        frozen = true;
    }

    /** After a gap the loop takes a Tick first. */
    void wake() {
        frozen = false;
        Deque<Event> queued = new ArrayDeque<>(mailbox);
        mailbox.clear();
        offer(new Event.Tick());
        queued.forEach(this::offer);
    }

    void jobManagerStarts(String jm, String code, long request) {
        lock = new Lock.Held(jm);
        offer(new Event.Registered(request, new Registration(jm, "2.3.0", code)));
    }

    void jobManagerDies() {
        lock = new Lock.Free();
    }

    void ask(long id, LongFunction<Event> request, Consumer<Reply> caller) {
        if (machine == null) {
            stage.said.add("nobody answers");
            return;
        }
        callers.put(id, caller);
        offer(request.apply(id));
    }

    /** Steps, then carries out and answers everything that follows. */
    void offer(Event event) {
        if (machine == null) {
            return;
        }
        if (frozen) {
            if (!(event instanceof Event.Tick)) {
                mailbox.add(event);
            }
            return;
        }
        step(event);
        if (busy) {
            return;
        }
        busy = true;
        while (machine != null && !todo.isEmpty()) {
            Event answer = perform(todo.poll());
            if (answer != null) {
                step(answer);
            }
        }
        busy = false;
    }

    private void step(Event event) {
        AgentMachine process = machine;
        if (process == null) {
            return;
        }
        Moment moment = new Moment(stage.millis() * 1_000_000, stage.millis());
        Transition transition = process.step(state, moment, event);
        state = transition.state();
        for (Fact fact : transition.facts()) {
            if (fact instanceof Fact.Moved moved) {
                say("is %s, epoch %d".formatted(moved.to(), moved.epoch()));
            } else if (fact instanceof Fact.Refused refused) {
                say("refuses: " + Sentences.of(refused.refusal()));
            }
        }
        for (Action action : transition.actions()) {
            switch (action) {
                case Action.Answer answer -> {
                    Consumer<Reply> caller = callers.remove(answer.request());
                    if (caller != null) {
                        caller.accept(answer.reply());
                    }
                }
                case Action.Exit exit -> {
                    say("exits with %d: %s".formatted(exit.code(), exit.reason()));
                    kill();
                }
                default -> todo.add(action);
            }
        }
    }

    private void say(String what) {
        stage.said.add("agent %s %s".formatted(name, what));
    }

    private @Nullable Event perform(Action action) {
        if (action instanceof Action.ProbeLock) {
            return new Event.LockProbed(lock);
        }
        if (action instanceof Action.CheckPlan check) {
            String sha256 = check.plan().sha256();
            return new Event.PlanChecked(check.call(), sha256, stage.damagedPlans.get(sha256));
        }
        if (action instanceof Action.ReadEnds read) {
            return new Event.EndsRead(read.call(), List.of());
        }
        boolean local =
                action instanceof Action.KillJobManager || action instanceof Action.TellSupervisor;
        Event answer = requestsAreLost || local ? null : stage.api.perform(action);
        String what = Prose.of(action);
        if (!what.isEmpty()) {
            String lost =
                    local ? null : requestsAreLost ? "lost" : repliesAreLost ? "reply lost" : null;
            String outcome = lost != null || answer == null ? lost : Prose.outcome(answer);
            say(what + (outcome == null ? "" : ": " + outcome));
        }
        return repliesAreLost ? null : answer;
    }
}
