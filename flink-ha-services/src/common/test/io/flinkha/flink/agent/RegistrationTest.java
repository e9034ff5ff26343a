package io.flinkha.flink.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.fake.FakeAgent;
import io.flinkha.flink.jvm.Halt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrationTest {
    private static final Map<String, LeaderInformation> HERE =
            Map.of(
                    "restserver",
                    LeaderInformation.known(UUID.fromString(TestJm.SESSION), "http://here"));

    @TempDir Path directory;

    @Test
    void readsTheTokenAgainWhenItIsNoLongerAccepted() throws Exception {
        try (TestJm jm = new TestJm(directory)) {
            jm.agent.on(
                    "/v1/leader",
                    call ->
                            FakeAgent.ok(
                                    "{\"session\":\""
                                            + TestJm.SESSION
                                            + "\",\"leaders\":{\"restserver\":\"http://here\"}}"));
            jm.agent.requireToken("secret");
            assertEquals(HERE, jm.client.leaderAddresses());
            jm.agent.requireToken("renewed");
            Files.writeString(directory.resolve("token"), "renewed");
            assertEquals(HERE, jm.client.leaderAddresses());
        }
    }

    @Test
    void registrationMayEndTheProcess() throws Exception {
        try (TestJm jm = new TestJm(directory)) {
            jm.agent.on(
                    "/v1/register",
                    call -> FakeAgent.ok("{\"answer\":\"HALT\",\"code\":163,\"reason\":\"x\"}"));
            Registration registration = new Registration(jm.client, "2.3.0", "code", List.of());
            assertThrows(Halt.Halted.class, registration::untilAnswered);
            assertEquals(List.of(163), jm.halt.codes());
        }
    }

    @Test
    void registrationWaitsForAnAgentThatStartsLater() throws Exception {
        try (TestJm jm = new TestJm(directory)) {
            jm.agent.onFirst(
                    "/v1/register", FakeAgent.broken(), FakeAgent.ok("{\"answer\":\"WAIT\"}"));
            new Registration(jm.client, "2.3.0", "code", List.of()).untilAnswered();
            assertTrue(jm.agent.calls("/v1/register").size() >= 2);
        }
    }
}
