package io.flinkha.flink.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.cleanup.Sweep;
import io.flinkha.flink.fake.FakeAgent;
import io.flinkha.flink.process.Run;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentCheckpointIDCounterTest {
    private static final String PATH = "/v1/checkpoint-ids";

    @TempDir Path directory;
    private TestJm jm;

    @BeforeEach
    void start() throws Exception {
        jm = new TestJm(directory);
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    private AgentCheckpointIDCounter counter() throws Exception {
        Run run = jm.grant(TestJm.resume("count", "00", List.of(), ""));
        AgentCheckpointIDCounter counter =
                new AgentCheckpointIDCounter(jm.client, run, jm.savepoints, Sweep.none());
        counter.start();
        return counter;
    }

    private List<Long> reservedTo() {
        return jm.agent.calls(PATH).stream()
                .map(call -> call.json().path("reservedTo").asLong())
                .collect(Collectors.toList());
    }

    @Test
    void startsAtTheReservedEndAndRises() throws Exception {
        AgentCheckpointIDCounter counter = counter();
        for (long id = 193; id < 193 + 3 * AgentCheckpointIDCounter.BLOCK; id++) {
            assertEquals(id, counter.getAndIncrement());
        }
        // Asked in a chain, each block once; the last one is ahead of its use.
        assertEquals(List.of(193L, 257L, 321L), reservedTo().subList(0, 3));
    }

    @Test
    void neverGoesBack() throws Exception {
        AgentCheckpointIDCounter counter = counter();
        assertEquals(193, counter.getAndIncrement());
        counter.setCount(8);
        assertEquals(194, counter.getAndIncrement());
        counter.setCount(200);
        assertEquals(200, counter.getAndIncrement());
        counter.setCount(195);
        assertEquals(201, counter.get());
    }

    @Test
    void reservesWithoutGapsUpToWhereItWasSet() throws Exception {
        AgentCheckpointIDCounter counter = counter();
        counter.setCount(25_001);
        assertEquals(25_001, counter.getAndIncrement());
        assertEquals(25_002, counter.getAndIncrement());
        // The agent refuses to hand out ids above its end: each call starts where the last ended.
        long end = 193;
        for (FakeAgent.Call call : jm.agent.calls(PATH)) {
            assertEquals(end, call.json().path("reservedTo").asLong());
            end += call.json().path("count").asLong();
        }
        assertTrue(end > 25_002);
    }

    @Test
    void anAbsentAgentDoesNotHoldUpTheRestOfABlock() throws Exception {
        AgentCheckpointIDCounter counter = counter();
        assertEquals(193, counter.getAndIncrement());
        CountDownLatch back = new CountDownLatch(1);
        jm.agent.on(
                PATH,
                call -> {
                    try {
                        back.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return FakeAgent.ok("{\"reservedTo\":321}");
                });
        for (long id = 194; id < 257; id++) {
            assertEquals(id, counter.getAndIncrement());
        }
        back.countDown();
        assertEquals(257, counter.getAndIncrement());
    }

    @Test
    void repeatsALostReservationUnchanged() throws Exception {
        jm.agent.onFirst(PATH, FakeAgent.broken(), FakeAgent.ok("{\"reservedTo\":257}"));
        assertEquals(193, counter().getAndIncrement());
        assertEquals(1, reservedTo().stream().distinct().count());
    }

    @Test
    void endsWithoutTheAgent() throws Exception {
        AgentCheckpointIDCounter counter = counter();
        assertEquals(193, counter.getAndIncrement());
        int calls = jm.agent.calls(PATH).size();
        assertTrue(counter.shutdown(JobStatus.FINISHED).isDone());
        assertEquals(calls, jm.agent.calls(PATH).size());
    }
}
