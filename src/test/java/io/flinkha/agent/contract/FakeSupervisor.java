package io.flinkha.agent.contract;

import io.flinkha.agent.core.restart.ProcessEnd;
import io.flinkha.agent.core.restart.Standing;
import io.flinkha.agent.port.Supervisor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Remembers what it was told, and has the ends that a test gives it. */
public final class FakeSupervisor implements Supervisor {
    public final List<ProcessEnd> ends = new CopyOnWriteArrayList<>();
    public final List<Long> killed = new CopyOnWriteArrayList<>();
    public volatile @Nullable Standing standing;

    /** Why no order can be given; empty where each can. */
    public volatile String wrong = "";

    @Override
    public List<ProcessEnd> ends() {
        return List.copyOf(ends);
    }

    @Override
    public Optional<String> kill(long start) {
        if (wrong.isEmpty()) {
            killed.add(start);
        }
        return Optional.of(wrong).filter(sentence -> !sentence.isEmpty());
    }

    @Override
    public void tell(Standing told) {
        standing = told;
    }
}
