package io.flinkha.flink.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.fake.FakeAgent;
import io.flinkha.flink.jvm.Halt;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateTest {
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

    @Test
    void countsTheDeadlineFromBeforeTheSend() {
        long sent = jm.nanos.get();
        jm.agent.on(
                "/v1/gate",
                call -> {
                    jm.nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
                    return FakeAgent.ok(TestJm.open(30_000, TestJm.fresh()));
                });
        var unused = jm.gate.pollOnce();
        assertEquals(TimeUnit.SECONDS.toNanos(20), jm.gate.watchOnce());
        assertTrue(jm.gate.isOpen());

        jm.nanos.set(sent + TimeUnit.SECONDS.toNanos(30));
        assertFalse(jm.gate.isOpen());
        assertThrows(Halt.Halted.class, () -> jm.gate.watchOnce());
        assertEquals(List.of(Halt.GATE_CLOSED), jm.halt.codes());
        assertTrue(jm.gate.isClosed());
    }

    @Test
    void anAnswerMovesTheDeadlineAndSilenceDoesNot() throws Exception {
        jm.grant(TestJm.fresh());
        jm.nanos.addAndGet(TimeUnit.SECONDS.toNanos(40));
        jm.agent.on("/v1/gate", call -> FakeAgent.broken());
        jm.gate.pollOnce();
        assertEquals(TimeUnit.SECONDS.toNanos(5), jm.gate.watchOnce());
        jm.agent.on("/v1/gate", call -> FakeAgent.ok(TestJm.open(45_000, null)));
        jm.gate.pollOnce();
        assertEquals(TimeUnit.SECONDS.toNanos(45), jm.gate.watchOnce());
        assertTrue(jm.halt.codes().isEmpty());
    }

    @Test
    void asksMoreOftenThanTheGateLasts() {
        jm.agent.on("/v1/gate", call -> FakeAgent.ok(TestJm.open(1_000, TestJm.fresh())));
        assertEquals(200, jm.gate.pollOnce());
    }

    @Test
    void haltsWithTheAgentsCode() {
        jm.agent.on(
                "/v1/gate",
                call -> FakeAgent.ok("{\"answer\":\"HALT\",\"code\":163,\"reason\":\"FAILED\"}"));
        assertThrows(Halt.Halted.class, () -> jm.gate.pollOnce());
        assertEquals(List.of(163), jm.halt.codes());
    }

    @Test
    void neverServesASecondEpoch() throws Exception {
        jm.grant(TestJm.fresh());
        jm.agent.on(
                "/v1/gate",
                call ->
                        FakeAgent.ok(
                                TestJm.open(45_000, null).replace("\"epoch\":7", "\"epoch\":8")));
        assertThrows(Halt.Halted.class, () -> jm.gate.pollOnce());
        assertEquals(List.of(Halt.GATE_CLOSED), jm.halt.codes());
    }

    @Test
    void waitsWithoutADeadline() {
        jm.agent.on("/v1/gate", call -> FakeAgent.ok("{\"answer\":\"WAIT\",\"reason\":\"held\"}"));
        assertEquals(100, jm.gate.pollOnce());
        assertFalse(jm.gate.isOpen());
        jm.nanos.addAndGet(TimeUnit.DAYS.toNanos(1));
        assertTrue(jm.gate.watchOnce() > 0);
    }

    @Test
    void registersAgainWithARestartedAgent() {
        jm.agent.on("/v1/gate", call -> FakeAgent.of(409, "{\"error\":\"UNREGISTERED\"}"));
        jm.agent.on("/v1/register", call -> FakeAgent.ok("{\"answer\":\"WAIT\"}"));
        var unused = jm.gate.pollOnce();
        assertEquals(1, jm.agent.calls("/v1/register").size());
    }

    @Test
    void aFencedCallHalts() throws Exception {
        Run run = jm.grant(TestJm.fresh());
        jm.agent.on("/v1/publish", call -> FakeAgent.fenced());
        assertThrows(Halt.Halted.class, () -> jm.client.publish(run.grant(), Map.of()));
        assertEquals(List.of(Halt.GATE_CLOSED), jm.halt.codes());
    }
}
