package io.flinkha.agent.injection;

import static io.flinkha.agent.injection.InjectionTest.INJECTION;
import static io.flinkha.agent.injection.InjectionTest.container;
import static io.flinkha.agent.injection.InjectionTest.inject;
import static io.flinkha.agent.injection.InjectionTest.job;
import static io.flinkha.agent.injection.InjectionTest.podOf;
import static io.flinkha.agent.injection.InjectionTest.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandbyTest {
    private static final String CONSTRAINTS = "topologySpreadConstraints";

    private static ObjectNode plain(@Nullable Integer parallelism, @Nullable Integer completions) {
        ObjectNode job = job("script");
        ObjectNode spec = (ObjectNode) job.path("spec");
        if (parallelism != null) {
            spec.put("parallelism", parallelism);
        }
        if (completions != null) {
            spec.put("completions", completions);
        }
        return job;
    }

    private static ObjectNode withStandby(
            @Nullable Integer parallelism, @Nullable Integer completions) {
        ObjectNode job = plain(parallelism, completions);
        ((ObjectNode) job.path("metadata").path("annotations")).put("flinkha.io/standby", "true");
        return job;
    }

    private static void assertPods(int parallelism, JsonNode job) {
        assertEquals(parallelism, job.at("/spec/parallelism").asInt());
        assertFalse(job.path("spec").has("completions"), "it would not be a work queue");
    }

    /** The last line is what the API server makes of a Job that says neither. */
    @ParameterizedTest
    @CsvSource({",,2", "2,,2", "2,1,2", ",1,2", "1,,1", "1,1,2"})
    void aSecondJobManagerWaitsUnlessTheJobSaysOtherwise(
            @Nullable Integer parallelism, @Nullable Integer completions, int pods)
            throws NotInjectableException {
        Injection.Injected injected = INJECTION.into(withStandby(parallelism, completions));
        assertPods(pods, injected.job());
        assertEquals(
                pods == 1,
                injected.warnings().stream()
                        .anyMatch(one -> one.contains("no second JobManager waits")));
        assertTrue(
                Json.items(container(podOf(injected.job()), "flink-ha-agent").path("env"))
                        .anyMatch(one ->
                                Json.name(one).equals("FLINK_HA_WARM_STANDBY")
                                        && one.path("value").asText().equals("true")));
        assertEquals(injected.job(), inject(injected.job()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    parallelism    | 3       | has spec.parallelism 3: annotation flinkha.io/standby asks for two JobManagers, set it to 2.
                    parallelism    | 0       | has spec.parallelism 0: annotation flinkha.io/standby asks for two JobManagers, set it to 2.
                    completions    | 2       | has spec.completions 2: with annotation flinkha.io/standby the Job is complete once one of its two pods has succeeded, leave it out.
                    completionMode | Indexed | has spec.completionMode Indexed: with annotation flinkha.io/standby the Job is complete once one of its two pods has succeeded, leave it out.
                    """)
    void otherNumbersAreRefusedWithASentence(String field, String value, String sentence) {
        ObjectNode job = withStandby(null, null);
        ((ObjectNode) job.path("spec")).put(field, value);
        assertEquals("Job jobmanager " + sentence, refusal(() -> INJECTION.into(job)));
    }

    @Test
    void thePodsAreSpreadOverNodesUnlessTheirOwnerSaysHow() {
        ObjectNode job = withStandby(null, null);
        assertEquals(
                "batch.kubernetes.io/controller-uid",
                podOf(inject(job)).at("/" + CONSTRAINTS + "/0/matchLabelKeys/0").asText());
        podOf(job).putArray(CONSTRAINTS).addObject().put("topologyKey", "zone");
        assertEquals(podOf(job).path(CONSTRAINTS), podOf(inject(job)).path(CONSTRAINTS));
        assertFalse(podOf(inject(plain(null, null))).has(CONSTRAINTS));
    }

    /**
     * As kubectl merges it: where the manifest says nothing, a Job that is applied again says what
     * is there; one that is replaced says what the API server makes of nothing.
     */
    @ParameterizedTest
    @CsvSource({
        "1, 1,, 1", // scaled to one, and said nothing
        "2, 1,, 1", // the manifest says one
        "1, 2,, 2", // the manifest says two
        "1, 1, 1, 1", // scaled to one, and replaced
        "2, 1, 1, 2"
    })
    void whatAPersonScaledStaysUnlessTheManifestSaysOtherwise(
            int scaled, int parallelism, @Nullable Integer completions, int pods)
            throws NotInjectableException {
        ObjectNode before = inject(withStandby(null, null));
        ((ObjectNode) before.path("spec")).put("parallelism", scaled);
        assertPods(pods, INJECTION.again(withStandby(parallelism, completions), before).job());
    }

    @Test
    void aJobIsNotChangedFromOneToTheOther() {
        assertEquals(
                "Job jobmanager was made without annotation flinkha.io/standby: \"true\", and no Job can be changed from one to the other: delete it and apply it again, its state stays.",
                refusal(() -> INJECTION.again(withStandby(null, null), inject(plain(null, null)))));
        // As it comes: what the manifest does not say is as it is there.
        assertTrue(
                refusal(() -> INJECTION.again(plain(2, null), inject(withStandby(null, null))))
                        .contains(" was made with annotation flinkha.io/standby: \"true\", and "));
    }
}
