package io.flinkha.agent.runtime;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Fact;
import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.Transition;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.port.Takeover;
import io.flinkha.agent.port.Takeover.Step;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** When each epoch that this process began reached what. */
public final class TakeoverLog implements LoopListener {
    private final LongSupplier wallMillis;
    private final ObjLongConsumer<Step> reached;
    private final Map<Step, Moment> steps = new EnumMap<>(Step.class);
    private volatile List<Takeover> newestFirst = List.of();
    private @Nullable Moment ended;
    private @Nullable Moment registered;

    /**
     * @param reached is told each step, with the nanos from the end of the process before, or,
     *     where none ended here, from the beginning of the epoch
     */
    public TakeoverLog(LongSupplier wallMillis, ObjLongConsumer<Step> reached) {
        this.wallMillis = wallMillis;
        this.reached = reached;
    }

    /** As many as the manifest's history has lines; safe from any thread. */
    public List<Takeover> newestFirst() {
        return newestFirst;
    }

    @Override
    public void stepped(Event event, Transition transition) {
        Moment now = new Moment(transition.state().now(), wallMillis.getAsLong());
        int before = steps.size();
        boolean begins = false;
        for (Fact fact : transition.facts()) {
            switch (fact) {
                case Fact.ProcessEnded process -> ended = now;
                case Fact.Registered process -> registered = now;
                case Fact.EpochBegan began -> {
                    begin(began, now);
                    begins = true;
                }
                case Fact.Claimed claimed -> note(Step.CLAIMED, now);
                case Fact.Confirmed confirmed -> note(Step.CONFIRMED, now);
                case Fact.GateOpened opened -> note(Step.GATE_OPENED, now);
                case Fact.AddressesPublished published -> note(Step.ADDRESSES_PUBLISHED, now);
                case Fact.CheckpointRecorded recorded -> note(Step.FIRST_CHECKPOINT, now);
                default -> {}
            }
        }
        if (registered != null) {
            note(Step.JOB_MANAGER_REGISTERED, registered);
        }
        if (begins || steps.size() > before) {
            newestFirst =
                    Stream.concat(
                                    Stream.of(
                                            new Takeover(
                                                    transition.state().lease().epoch(), steps)),
                                    newestFirst.stream().skip(begins ? 0 : 1))
                            .limit(Manifest.MAX_HISTORY)
                            .toList();
        }
    }

    private void begin(Fact.EpochBegan began, Moment now) {
        steps.clear();
        steps.put(Step.EPOCH_BEGAN, now);
        if (ended != null) {
            steps.put(Step.PROCESS_ENDED, ended);
            ended = null;
        }
        if (!began.registered()) {
            // That of the process that has ended.
            registered = null;
        }
    }

    /** Of an epoch that this process began: of another one it does not know the beginning. */
    private void note(Step step, Moment at) {
        if (!steps.isEmpty() && steps.putIfAbsent(step, at) == null) {
            Moment since = steps.get(Step.PROCESS_ENDED);
            if (since == null) {
                since = steps.get(Step.EPOCH_BEGAN);
            }
            if (since != null) {
                reached.accept(step, Math.max(0, at.nanos() - since.nanos()));
            }
        }
    }
}
