package io.flinkha.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.Action;
import io.flinkha.agent.core.AgentMachine;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Incarnation;
import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.Notice;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.restart.OnFailed;
import io.flinkha.agent.core.restart.RestartPolicy;
import io.flinkha.agent.core.restart.RestorePolicy;
import io.flinkha.agent.simulation.SimApiServer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A life from the first Lease to a failed job, as {@code kubectl describe} shows it. */
class EventNoticesTest {
    private final AgentMachine machine =
            new AgentMachine(
                    new Settings(
                            Duration.ofSeconds(15),
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(2),
                            "job-uid-1",
                            new RestartPolicy(true, OnFailed.FAIL, 5, Duration.ofHours(1)),
                            RestorePolicy.LATEST_STATE),
                    new Incarnation("pod-a/uid-a", "a1"));
    private final SimApiServer api = new SimApiServer();
    private final List<Notice> notices = new ArrayList<>();
    private final EventNotices listener = new EventNotices(notices::add);
    private State state = State.initial();
    private long millis;
    private Lock lock = new Lock.Free();

    private void step(Event first) {
        Deque<Event> events = new ArrayDeque<>(List.of(first));
        while (!events.isEmpty()) {
            Event event = events.remove();
            State before = state;
            Transition transition = machine.step(before, new Moment(millis * 1_000_000, 0), event);
            state = transition.state();
            listener.stepped(before, event, transition);
            for (Action action : transition.actions()) {
                Event answer =
                        action instanceof Action.ProbeLock
                                ? new Event.LockProbed(lock)
                                : api.perform(action);
                if (answer != null) {
                    events.add(answer);
                }
            }
        }
    }

    private void run(long ms) {
        for (long end = millis + ms; millis < end; millis += 200) {
            step(new Event.Tick());
        }
    }

    @Test
    void leadershipPlanResultAndSignalAreTold() {
        run(1_000);
        lock = new Lock.Held("jm-1");
        step(new Event.Registered(1, new Registration("jm-1", "2.3.0", "code")));
        run(1_000);
        step(new Event.GatePolled(2, "jm-1", 0));
        String jobId = Objects.requireNonNull(api.stored().run()).jobId();
        JobResult result = new JobResult(jobId, JobResult.Status.FAILED, "boom", "t");
        step(new Event.ChangeOffered(3, "jm-1", 1, new Change.RecordResult(result)));
        run(1_000);
        step(new Event.AdapterFailed("x", "a bug"));
        assertEquals(
                List.of(
                        "NORMAL LeaderElection",
                        "NORMAL RestorePlanned",
                        "WARNING JobTerminal",
                        "WARNING JobSignalled",
                        "WARNING LeadershipLost"),
                notices.stream().map(notice -> notice.kind() + " " + notice.reason()).toList());
        assertTrue(notices.get(2).message().contains("boom"), "the cause");
        assertTrue(notices.get(4).message().contains("a bug"), "the cause");
    }

    @Test
    void refusalsFailedStartsAndSecondChoicesAreWarnings() {
        api.leaveMirror("7-42.json");
        run(1_000);
        lock = new Lock.Held("jm-1");
        step(new Event.Registered(1, new Registration("jm-1", "2.3.0", "code")));
        run(1_000);
        step(new Event.StartFailed(2, "jm-1", 1, "there is no operator count-per-key"));
        assertEquals(
                List.of("NORMAL LeaderElection", "WARNING RestoreRefused", "WARNING StartFailed"),
                notices.stream().map(notice -> notice.kind() + " " + notice.reason()).toList());
        assertTrue(notices.get(1).message().contains("7-42.json"));
        assertTrue(notices.get(2).message().contains("count-per-key"));
    }
}
