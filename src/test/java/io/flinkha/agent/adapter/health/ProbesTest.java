package io.flinkha.agent.adapter.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkha.agent.contract.FakeAgentView;
import io.flinkha.agent.core.AgentMachine;
import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Incarnation;
import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.port.AgentView;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class ProbesTest {
    private final Probes probes = new Probes();

    private static State after(Event... events) {
        Settings settings =
                new Settings(
                        Duration.ofSeconds(60), Duration.ofSeconds(45), Duration.ofSeconds(10), "");
        AgentMachine machine = new AgentMachine(settings, new Incarnation("pod/uid", "n"));
        State state = State.initial();
        for (Event event : events) {
            state = machine.step(state, new Moment(1, 1), event).state();
        }
        return state;
    }

    private static AgentView view(State state, int idleSeconds, boolean warmStandby) {
        return new FakeAgentView(state, Duration.ofSeconds(idleSeconds), warmStandby, 0, List.of());
    }

    private static Status status(HealthCheck check) {
        return check.call().getStatus();
    }

    @Test
    void busyIsNotHung() {
        State state = after(new Event.Tick());
        assertEquals(Status.UP, status(probes.live(view(state, 9, false))));
        assertEquals(Status.DOWN, status(probes.live(view(state, 10, false))));
    }

    @Test
    void oneThatWasAskedToStopIsLeftToIt() {
        State stopping = after(new Event.StopRequested("drain"));
        assertEquals(Status.UP, status(probes.live(view(stopping, 60, false))));
    }

    @Test
    void contenderMayStartItsJobManagerOnlyAsAStandby() {
        State contending = after(new Event.Tick());
        assertEquals(Status.DOWN, status(probes.started(view(contending, 0, false))));
        assertEquals(Status.UP, status(probes.started(view(contending, 0, true))));
    }

    @Test
    void standbyIsReadyOnceItsJobManagerWaits() {
        State alone = after(new Event.Tick());
        assertEquals(Status.DOWN, status(probes.ready(view(alone, 0, true))));
        State waiting =
                after(
                        new Event.Registered(1, new Registration("jm", "2.3.0", "code")),
                        new Event.LockProbed(new Lock.Held("jm")));
        assertEquals(Status.UP, status(probes.ready(view(waiting, 0, true))));
        assertEquals(Status.DOWN, status(probes.ready(view(waiting, 0, false))));
    }
}
