package io.flinkha.agent.injection;

import static io.flinkha.agent.injection.InjectionTest.container;
import static io.flinkha.agent.injection.InjectionTest.job;
import static io.flinkha.agent.injection.InjectionTest.podOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartRulesOfAJobTest {
    /** The injector may be another one by then, or know more of the API server. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aJobKeepsTheRestartRulesThatItWasMadeWith(boolean madeWithThem) throws Exception {
        JsonNode given = job("script");
        JsonNode before =
                new Injection("registry/flink-ha-agent:1", "file:///s", () -> madeWithThem)
                        .into(given)
                        .job();
        Injection other =
                new Injection("registry/flink-ha-agent:1", "file:///s", () -> !madeWithThem);
        assertEquals(
                podOf(before).path("containers"),
                podOf(other.again(given, before).job()).path("containers"));
        assertEquals(
                !madeWithThem,
                container(podOf(other.into(given).job()), "jobmanager").has("restartPolicyRules"));
    }
}
