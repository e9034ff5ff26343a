package io.flinkha.agent.core;

import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.core.restart.OnFailed;
import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.RestartPolicy;
import io.flinkha.agent.core.restart.RestorePolicy;
import io.flinkha.agent.core.restart.Standing;
import io.flinkha.agent.core.restart.Watchdog;
import io.flinkha.agent.simulation.SimApiServer;
import io.flinkha.agent.simulation.SimStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongFunction;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * One agent process on the bench: a test hands it events and decides when, and whether, each of its
 * requests is carried out and answered.
 */
@NullMarked
final class Bench {
    static final Settings SETTINGS = settings(OnFailed.FAIL);
    static final PlanRef PLAN = new PlanRef("aa11", 1_000);
    static final Map<String, String> LEADER_ADDRESSES =
            Map.of("restserver", "http://10.0.0.7:8081");

    final SimApiServer api;
    SimStore store = new SimStore();
    final Settings settings;
    final Incarnation incarnation;
    final AgentMachine machine;
    final List<Action> pending = new ArrayList<>();
    final Map<Long, Reply> replies = new HashMap<>();
    final Map<String, String> damaged = new LinkedHashMap<>();
    State state = State.initial();
    Lock lock = new Lock.Free();
    List<ProcessEnd> ends = List.of();
    final List<Long> killed = new ArrayList<>();
    @Nullable Standing told;
    long millis;
    Action.@Nullable Exit exit;
    int exits;
    private long requests;

    Bench(SimApiServer api, Settings settings, String holder, String nonce) {
        this.api = api;
        this.settings = settings;
        incarnation = new Incarnation(holder, nonce);
        machine = new AgentMachine(settings, incarnation);
    }

    Bench(SimApiServer api, String holder, String nonce) {
        this(api, SETTINGS, holder, nonce);
    }

    static Settings settings(OnFailed onFailed) {
        return settings(onFailed, "job-uid-1");
    }

    static Settings settings(OnFailed onFailed, String controllerUid) {
        return new Settings(
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                controllerUid,
                new RestartPolicy(true, onFailed, 5, Duration.ofHours(1)),
                RestorePolicy.LATEST_STATE,
                Watchdog.STANDARD);
    }

    Bench() {
        this(new SimApiServer(), "pod-a/uid-a", "a1");
    }

    /** The same pod's next agent process, at the same time. */
    Bench nextProcess(String nonce) {
        Bench next = new Bench(api, settings, incarnation.holder(), nonce);
        next.store = store;
        next.lock = lock;
        next.ends = ends;
        next.millis = millis;
        return next;
    }

    /** One step; its actions wait in {@link #pending}, its replies in {@link #replies}. */
    List<Action> step(Event event) {
        Transition transition =
                machine.step(state, new Moment(millis * 1_000_000, 1_000 + millis), event);
        state = transition.state();
        for (Action action : transition.actions()) {
            switch (action) {
                case Action.Answer answer -> replies.put(answer.request(), answer.reply());
                case Action.Exit end -> {
                    exit = end;
                    exits++;
                }
                case Action.KillJobManager kill -> killed.add(kill.start());
                case Action.TellSupervisor tell -> told = tell.standing();
                default -> pending.add(action);
            }
        }
        return transition.actions();
    }

    List<Action> tick() {
        return step(new Event.Tick());
    }

    /** Time passes without a step. */
    Bench pass(long ms) {
        millis += ms;
        return this;
    }

    /** Time passes in ticks of 200 ms, and everything is answered at once. */
    Bench run(long ms) {
        for (long end = millis + ms; millis < end; ) {
            millis = Math.min(end, millis + 200);
            tick();
            settle();
        }
        return this;
    }

    /** The same without any answer from the API server. */
    Bench runUnanswered(long ms) {
        for (long end = millis + ms; millis < end; ) {
            millis = Math.min(end, millis + 200);
            tick();
            probe();
            pending.clear();
        }
        return this;
    }

    /** The same with answers from the storage alone; a JobManager that is served polls. */
    Bench runByStorage(long ms) {
        for (long end = millis + ms; millis < end; ) {
            millis = Math.min(end, millis + 200);
            tick();
            probe();
            answerStorage();
            String served = state.gate().served();
            if (served != null && state.phase() == Phase.LEADING) {
                var unused = poll(served, epoch());
            }
            pending.clear();
        }
        return this;
    }

    /** Everything but what the storage was asked for is answered. */
    Bench runWithoutStorage(long ms) {
        for (long end = millis + ms; millis < end; ) {
            millis = Math.min(end, millis + 200);
            tick();
            answerAllBut(Action.ToWitness.class);
        }
        return this;
    }

    void answerAllBut(Class<? extends Action> kind) {
        while (pending.stream().anyMatch(action -> !kind.isInstance(action))) {
            answer(
                    pending.stream()
                            .filter(action -> !kind.isInstance(action))
                            .findFirst()
                            .orElseThrow());
        }
    }

    /** Answers only what the storage was asked for. */
    void answerStorage() {
        while (isPending(Action.ToWitness.class)) {
            answer(take(Action.ToWitness.class));
        }
    }

    /** Carries out and answers what is pending, until nothing is. */
    Bench settle() {
        for (int i = 0; !pending.isEmpty(); i++) {
            if (i > 200) {
                throw new AssertionError("the agent does not come to rest: " + pending);
            }
            answer(pending.getFirst());
        }
        return this;
    }

    /** Answers only the looks at the lock file. */
    Bench probe() {
        for (Action action : List.copyOf(pending)) {
            if (action instanceof Action.ProbeLock) {
                answer(action);
            }
        }
        return this;
    }

    /** Carries out one request and hands in its answer. */
    void answer(Action action) {
        step(perform(action));
    }

    /** Carries out one request; the test hands in the answer, or loses it. */
    Event perform(Action action) {
        pending.remove(action);
        if (action instanceof Action.ProbeLock) {
            return new Event.LockProbed(lock);
        }
        if (action instanceof Action.ReadEnds read) {
            return new Event.EndsRead(read.call(), ends);
        }
        if (action instanceof Action.CheckPlan check) {
            String sha256 = check.plan().sha256();
            return new Event.PlanChecked(check.call(), sha256, damaged.get(sha256));
        }
        if (action instanceof Action.ToWitness asked) {
            return store.perform(asked);
        }
        Event answer = api.perform(action);
        if (answer == null) {
            throw new AssertionError("no request: " + action);
        }
        return answer;
    }

    /** The pending action of a kind, taken out: it is the test's now. */
    <T extends Action> T take(Class<T> kind) {
        for (Action action : pending) {
            if (kind.isInstance(action)) {
                pending.remove(action);
                return kind.cast(action);
            }
        }
        throw new AssertionError("no %s in %s".formatted(kind.getSimpleName(), pending));
    }

    boolean isPending(Class<? extends Action> kind) {
        return pending.stream().anyMatch(kind::isInstance);
    }

    long send(LongFunction<Event> request) {
        long id = ++requests;
        step(request.apply(id));
        return id;
    }

    /** A JobManager process takes the lock and registers. */
    void jobManagerStarts(String jm, String userCode) {
        lock = new Lock.Held(jm);
        send(id -> new Event.Registered(id, new Registration(jm, "2.3.0", userCode)));
    }

    void jobManagerStarts(String jm) {
        jobManagerStarts(jm, "code-1");
    }

    void jobManagerDies() {
        lock = new Lock.Free();
    }

    Reply askForPlan(String jm, long epoch) {
        Run run =
                Objects.requireNonNull(Objects.requireNonNull(state.manifest().committed()).run());
        return reply(send(id -> new Event.PlanAsked(id, jm, epoch, run.jobId())));
    }

    Reply poll(String jm, long epoch) {
        return reply(send(id -> new Event.GatePolled(id, jm, epoch)));
    }

    /** Offers a change; the reply may come later. */
    long offer(String jm, long epoch, Change change) {
        return send(id -> new Event.ChangeOffered(id, jm, epoch, change));
    }

    /** Offers a change and lets it be committed. */
    Reply commit(String jm, long epoch, Change change) {
        long id = offer(jm, epoch, change);
        settle();
        return reply(id);
    }

    Reply reply(long request) {
        Reply reply = replies.get(request);
        if (reply == null) {
            throw new AssertionError("request %d was not answered".formatted(request));
        }
        return reply;
    }

    boolean answered(long request) {
        return replies.containsKey(request);
    }

    Reply.Open open(String jm, long epoch) {
        if (poll(jm, epoch) instanceof Reply.Open open) {
            return open;
        }
        throw new AssertionError("the gate is not open: " + replies.get(requests));
    }

    long epoch() {
        return state.lease().epoch();
    }

    String jobId() {
        Manifest wanted = state.manifest.wanted;
        if (wanted == null || wanted.run() == null) {
            throw new AssertionError("there is no run");
        }
        return wanted.run().jobId();
    }

    /** From the start to LEADING: {@code jm} has published, nothing is pending. */
    Bench lead(String jm) {
        tick();
        settle();
        jobManagerStarts(jm);
        settle();
        run(400);
        open(jm, 0);
        settle();
        send(id -> new Event.AddressesOffered(id, jm, epoch(), LEADER_ADDRESSES));
        settle();
        if (state.phase() != Phase.LEADING) {
            throw new AssertionError("not leading: " + state);
        }
        return this;
    }

    /** A leader whose job has a plan and checkpoint 1. */
    Bench leadWithCheckpoint(String jm) {
        lead(jm);
        commit(jm, epoch(), new Change.StorePlan(jobId(), "job", PLAN));
        commit(jm, epoch(), new Change.ReserveIds(1, 32));
        commit(jm, epoch(), checkpoint(1));
        return this;
    }

    Change.AddCheckpoint checkpoint(long id) {
        return new Change.AddCheckpoint(jobId(), 1, pointer(id));
    }

    static Checkpoint pointer(long id) {
        String path = "file:/state/chk-" + id;
        return new Checkpoint(id, path, path + "/_metadata", 100, id, id);
    }
}
