package io.flinkha.agent;

import io.flinkha.agent.core.State;
import io.flinkha.agent.port.AgentView;
import io.flinkha.agent.port.Takeover;
import io.flinkha.agent.runtime.EventLoop;
import io.flinkha.agent.runtime.TakeoverLog;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The look at the running agent; before it runs, at one that has done nothing yet. */
@ApplicationScoped
class LoopView implements AgentView {
    private volatile @Nullable Running running;

    record Running(EventLoop loop, TakeoverLog takeovers, boolean warmStandby) {}

    void show(Running started) {
        running = started;
    }

    @Nullable EventLoop loop() {
        Running now = running;
        return now == null ? null : now.loop();
    }

    @Override
    public State state() {
        EventLoop loop = loop();
        return loop == null ? State.initial() : loop.state();
    }

    @Override
    public Duration idle() {
        EventLoop loop = loop();
        return loop == null ? Duration.ZERO : loop.idle();
    }

    @Override
    public int failures() {
        EventLoop loop = loop();
        return loop == null ? 0 : loop.failures();
    }

    @Override
    public boolean warmStandby() {
        Running now = running;
        return now != null && now.warmStandby();
    }

    @Override
    public List<Takeover> takeovers() {
        Running now = running;
        return now == null ? List.of() : now.takeovers().newestFirst();
    }
}
