package io.flinkha.flink.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.fake.FakeAgent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestEndpointTest {
    private static final String STATUS = "/v1/jobs/" + TestJm.JOB + "/status";
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir Path directory;
    private TestJm jm;

    @BeforeEach
    void start() throws Exception {
        jm = new TestJm(directory);
        var unused = jm.grant(TestJm.fresh());
        jm.publishRest(jm.agent.address().toString());
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    private IOException refusal() {
        return assertThrows(IOException.class, () -> jm.rest.ask(JobQuery.STATUS, TestJm.job()));
    }

    @Test
    void asksForTheJobAndTakesWhatComes() throws Exception {
        jm.agent.on(STATUS, call -> FakeAgent.ok("{\"status\":\"NEW_IN_A_RELEASE\",\"more\":1}"));
        assertEquals(
                "NEW_IN_A_RELEASE",
                jm.rest.ask(JobQuery.STATUS, TestJm.job()).path("status").asText());
        assertEquals("GET", jm.agent.calls(STATUS).get(0).method);
    }

    @Test
    void anErrorIsSaidInOneLine() {
        jm.agent.on(
                STATUS,
                call -> FakeAgent.of(404, "{\"errors\":[\"Job 1 not found\\n\\tat a.b.C\"]}"));
        RestError error = assertInstanceOf(RestError.class, refusal());
        assertEquals("404: [Job 1 not found", error.getMessage());
        assertTrue(error.isMissing("a.b.C"));
        assertFalse(error.isMissing("no such words"));
    }

    @Test
    void anAnswerThatNobodyReadsIsAnError() {
        jm.agent.on(STATUS, call -> FakeAgent.of(503, "busy"));
        assertInstanceOf(RestError.class, refusal());
    }

    @Test
    void nobodyWaitsForLong() {
        jm.agent.silence(STATUS, FakeAgent.ok());
        try (RestEndpoint rest = new RestEndpoint(jm.addresses, jm.configuration, SHORT, LONG)) {
            assertThrows(IOException.class, () -> rest.ask(JobQuery.STATUS, TestJm.job()));
        }
    }

    @Test
    void silenceIsNoError() throws Exception {
        jm.agent.silence(STATUS, FakeAgent.ok());
        try (RestEndpoint rest = new RestEndpoint(jm.addresses, jm.configuration, LONG, SHORT)) {
            var answer = rest.send(JobQuery.STATUS, TestJm.job());
            Throwable failure = assertThrows(CompletionException.class, answer::join).getCause();
            assertInstanceOf(Unanswered.class, failure);
        }
    }

    @Test
    void anEndpointThatIsNotReachedSaysSo() {
        jm.publishRest("http://127.0.0.1:1");
        String said = String.valueOf(refusal().getMessage());
        assertTrue(said.startsWith("http://127.0.0.1:1 cannot be asked"), said);
        jm.addresses.publish("restserver", LeaderInformation.empty());
        assertEquals("the REST endpoint is not up", refusal().getMessage());
    }

    /** A client outside may have to go through a gateway, this one may not. */
    @Test
    void aGatewayIsNotGoneThrough() throws Exception {
        Configuration behind = jm.configuration.clone();
        behind.set(RestOptions.URL_PREFIX, "/gateway/");
        try (RestEndpoint rest = new RestEndpoint(jm.addresses, behind)) {
            var unused = rest.ask(JobQuery.STATUS, TestJm.job());
        }
        assertEquals(1, jm.agent.calls(STATUS).size());
    }
}
