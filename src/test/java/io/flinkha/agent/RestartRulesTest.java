package io.flinkha.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.config.AgentSettings;
import io.flinkha.agent.contract.FakeServerVersion;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.port.ServerVersion.Release;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartRulesTest {
    private final FakeServerVersion server = new FakeServerVersion();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final List<String> log = new ArrayList<>();

    private BooleanSupplier rules(AgentSettings.RestartRules setting) {
        return RestartRules.of(
                setting, server, later::add, (level, said) -> log.add(level + " " + said));
    }

    private void afterAWhile() {
        later.remove().run();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 29, false",
        "1, 34, false",
        "1, 35, true",
        "1, 37, true",
        "2, 0, true",
        "0, 40, false"
    })
    void comeWithTheRelease(int major, int minor, boolean taken) {
        server.say(new Release(major, minor));
        assertEquals(taken, rules(AgentSettings.RestartRules.AUTO).getAsBoolean());
        assertEquals(List.of(), List.copyOf(later), "it has answered: nothing is left to ask");
        assertEquals(
                List.of(
                        "INFO The API server is of Kubernetes %d.%d: injected Jobs are made %s restart rules, which came with 1.35."
                                .formatted(major, minor, taken ? "with" : "without")),
                log);
    }

    @Test
    void areLeftOutUntilTheApiServerHasAnswered() {
        server.fail(Outcome.FORBIDDEN, "403 no");
        BooleanSupplier rules = rules(AgentSettings.RestartRules.AUTO);
        assertFalse(rules.getAsBoolean());
        afterAWhile();
        assertFalse(rules.getAsBoolean());
        assertEquals(
                List.of(
                        Level.WARN
                                + " The API server does not say its version (403 no): injected Jobs are made without restart rules until it does; set flink-ha.injector.restart-rules to true or false to do without its answer."),
                log,
                "told once");

        server.fail(Outcome.UNREACHABLE, "nobody there");
        afterAWhile();
        assertEquals(2, log.size(), "another reason is told");
        server.say(new Release(1, 35));
        afterAWhile();
        assertTrue(rules.getAsBoolean());
        assertEquals(List.of(), List.copyOf(later));
        assertEquals(4, server.asked());
    }

    @Test
    void areNotAskedForWhereSomebodyHasSaidIt() {
        server.say(new Release(1, 35));
        assertFalse(rules(AgentSettings.RestartRules.FALSE).getAsBoolean());
        server.say(new Release(1, 29));
        assertTrue(rules(AgentSettings.RestartRules.TRUE).getAsBoolean());
        assertEquals(0, server.asked());
    }
}
