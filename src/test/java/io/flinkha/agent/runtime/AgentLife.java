package io.flinkha.agent.runtime;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.AgentMachine;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Incarnation;
import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.restart.OnFailed;
import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.RestartPolicy;
import io.flinkha.agent.core.restart.RestorePolicy;
import io.flinkha.agent.core.restart.Watchdog;
import io.flinkha.agent.simulation.SimApiServer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The core against an API server in memory, as one listener sees it. */
final class AgentLife {
    static final String JM = "jm-1";

    private final AgentMachine machine =
            new AgentMachine(
                    new Settings(
                            Duration.ofSeconds(15),
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(2),
                            "job-uid-1",
                            new RestartPolicy(true, OnFailed.FAIL, 100, Duration.ofHours(1)),
                            RestorePolicy.LATEST_STATE,
                            Watchdog.STANDARD),
                    new Incarnation("pod-a/uid-a", "a1"));
    private final SimApiServer api = new SimApiServer();
    private final LoopListener listener;
    private State state = State.initial();
    private long millis;
    private Lock lock = new Lock.Free();
    private List<ProcessEnd> ends = List.of();

    AgentLife(LoopListener listener) {
        this.listener = listener;
    }

    SimApiServer api() {
        return api;
    }

    void step(Event first) {
        Deque<Event> events = new ArrayDeque<>(List.of(first));
        while (!events.isEmpty()) {
            Event event = events.remove();
            Transition transition = machine.step(state, new Moment(millis * 1_000_000, 0), event);
            state = transition.state();
            listener.stepped(event, transition);
            for (Action action : transition.actions()) {
                Event answer =
                        switch (action) {
                            case Action.ProbeLock probe -> new Event.LockProbed(lock);
                            case Action.ReadEnds read -> new Event.EndsRead(read.call(), ends);
                            default -> api.perform(action);
                        };
                if (answer != null) {
                    events.add(answer);
                }
            }
        }
    }

    void run(long ms) {
        for (long end = millis + ms; millis < end; millis += 200) {
            step(new Event.Tick());
        }
    }

    /** A JobManager registers, and is let in for a fresh run. */
    void start() {
        start(JM);
    }

    void start(String jm) {
        lock = new Lock.Held(jm);
        step(new Event.Registered(1, new Registration(jm, "2.3.0", "code")));
        run(1_000);
        step(new Event.GatePolled(2, jm, 0));
    }

    void hold(Lock held) {
        lock = held;
    }

    void ends(List<ProcessEnd> written) {
        ends = written;
    }

    void endJobManager() {
        lock = new Lock.Free();
        run(1_000);
    }
}
