package io.flinkha.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.port.Takeover;
import io.flinkha.agent.port.Takeover.Step;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TakeoverLogTest {
    private final Map<Step, Long> reached = new EnumMap<>(Step.class);
    private final TakeoverLog log = new TakeoverLog(() -> 7, reached::put);
    private final AgentLife life = new AgentLife(log);

    private void lead(long epoch) {
        String jm = "jm-" + epoch;
        life.start(jm);
        life.step(new Event.AddressesOffered(3, jm, epoch, Map.of("restserver", "http://x")));
        String jobId = Objects.requireNonNull(life.api().stored().run()).jobId();
        Checkpoint checkpoint = new Checkpoint(epoch, "p" + epoch, "m", 1, 1, 1);
        life.step(
                new Event.ChangeOffered(
                        4, jm, epoch, new Change.AddCheckpoint(jobId, 1, checkpoint)));
        life.run(1_000);
    }

    @Test
    void aFirstStartHasNoProcessThatEnded() {
        life.run(1_000);
        assertEquals(
                Set.of(Step.EPOCH_BEGAN, Step.CLAIMED, Step.CONFIRMED),
                log.newestFirst().getFirst().steps().keySet());
        lead(1);
        Takeover first = log.newestFirst().getFirst();
        assertEquals(EnumSet.complementOf(EnumSet.of(Step.PROCESS_ENDED)), first.steps().keySet());
        assertEquals(7, Objects.requireNonNull(first.steps().get(Step.CLAIMED)).wallMillis());
    }

    @Test
    void aFailoverIsSeenFromTheEndOfTheProcessOn() {
        life.run(1_000);
        lead(1);
        life.endJobManager();
        Takeover waiting = log.newestFirst().getFirst();
        assertEquals(2, waiting.epoch());
        assertEquals(
                Set.of(Step.PROCESS_ENDED, Step.EPOCH_BEGAN, Step.CLAIMED, Step.CONFIRMED),
                waiting.steps().keySet(),
                "the process that has ended is not the one to come");
        lead(2);
        Takeover second = log.newestFirst().getFirst();
        assertEquals(EnumSet.allOf(Step.class), second.steps().keySet());
        List<Long> nanos = new ArrayList<>();
        second.steps().values().forEach(at -> nanos.add(at.nanos()));
        assertEquals(nanos.stream().sorted().toList(), nanos, "in this order");
        assertEquals(1, log.newestFirst().get(1).epoch());
        assertEquals(nanos.getLast() - nanos.getFirst(), reached.get(Step.FIRST_CHECKPOINT));
    }

    @Test
    void theOldestAreForgotten() {
        life.run(1_000);
        for (long epoch = 1; epoch <= Manifest.MAX_HISTORY + 2; epoch++) {
            lead(epoch);
            life.endJobManager();
        }
        assertEquals(Manifest.MAX_HISTORY, log.newestFirst().size());
        assertTrue(log.newestFirst().getFirst().epoch() > Manifest.MAX_HISTORY);
    }
}
