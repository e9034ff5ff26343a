package io.flinkha.agent.runtime;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.Phase;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.gate.Lock;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.port.Takeover;
import io.flinkha.agent.port.Takeover.Step;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** When each epoch that this process began reached what. */
public final class TakeoverLog implements LoopListener {
    private final LongSupplier wallMillis;
    private final Map<Step, Moment> steps = new EnumMap<>(Step.class);
    private volatile List<Takeover> newestFirst = List.of();
    private @Nullable Moment ended;
    private @Nullable Moment registered;

    public TakeoverLog(LongSupplier wallMillis) {
        this.wallMillis = wallMillis;
    }

    /** As many as the manifest's history has lines; safe from any thread. */
    public List<Takeover> newestFirst() {
        return newestFirst;
    }

    @Override
    public void stepped(State before, Event event, Transition transition) {
        State after = transition.state();
        Moment now = new Moment(after.now(), wallMillis.getAsLong());
        String served = before.gate().served();
        if (served != null
                && isHeldBy(before.gate().lock(), served)
                && !isHeldBy(after.gate().lock(), served)) {
            ended = now;
        }
        if (!Objects.equals(before.gate().registration(), after.gate().registration())) {
            registered = now;
        }
        long epoch = after.lease().epoch();
        boolean begins = epoch > before.lease().epoch() && after.phase() == Phase.CLAIMING;
        if (begins) {
            begin(after, served, now);
        } else if (newestFirst.isEmpty() || newestFirst.getFirst().epoch() != epoch) {
            return;
        }
        int reached = begins ? 0 : steps.size();
        note(before, after, now);
        if (steps.size() > reached) {
            newestFirst =
                    Stream.concat(
                                    Stream.of(new Takeover(epoch, steps)),
                                    newestFirst.stream().skip(begins ? 0 : 1))
                            .limit(Manifest.MAX_HISTORY)
                            .toList();
        }
    }

    private void begin(State after, @Nullable String served, Moment now) {
        steps.clear();
        steps.put(Step.EPOCH_BEGAN, now);
        if (ended != null) {
            steps.put(Step.PROCESS_ENDED, ended);
            ended = null;
        }
        Registration last = after.gate().registration();
        if (last != null && last.jm().equals(served)) {
            // That of the process that has ended.
            registered = null;
        }
    }

    private void note(State before, State after, Moment now) {
        long epoch = after.lease().epoch();
        if (registered != null) {
            steps.putIfAbsent(Step.JOB_MANAGER_REGISTERED, registered);
        }
        note(Step.CLAIMED, after.manifest().claimed() == epoch, now);
        note(Step.CONFIRMED, after.lease().confirmed() == epoch, now);
        boolean opened = after.gate().served() != null && after.gate().servedEpoch() == epoch;
        note(Step.GATE_OPENED, opened, now);
        note(Step.ADDRESSES_PUBLISHED, after.leaderAddresses().published() != null, now);
        Checkpoint last = lastCheckpoint(after);
        note(
                Step.FIRST_CHECKPOINT,
                opened && last != null && !last.equals(lastCheckpoint(before)),
                now);
    }

    private void note(Step step, boolean reached, Moment now) {
        if (reached) {
            steps.putIfAbsent(step, now);
        }
    }

    private static @Nullable Checkpoint lastCheckpoint(State state) {
        Manifest committed = state.manifest().committed();
        return committed == null || committed.checkpoints().isEmpty()
                ? null
                : committed.checkpoints().getLast();
    }

    private static boolean isHeldBy(Lock lock, String jm) {
        return lock instanceof Lock.Held held && held.owner().equals(jm);
    }
}
