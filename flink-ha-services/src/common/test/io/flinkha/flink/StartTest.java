package io.flinkha.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.agent.Registration;
import io.flinkha.flink.config.AgentOptions;
import io.flinkha.flink.config.Settings;
import io.flinkha.flink.fake.FakeAgent;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.plan.UserCodeDigest;
import io.flinkha.flink.process.JmLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.client.deployment.application.executors.EmbeddedExecutor;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.util.FlinkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens before the first call to the agent, and with the very first. */
class StartTest {
    @TempDir Path directory;

    @Test
    void theAgentIsOnLoopbackOrNowhere() {
        Configuration configuration = new Configuration();
        configuration.set(AgentOptions.AGENT_ADDRESS, "http://10.0.0.7:8480");
        assertThrows(IllegalConfigurationException.class, () -> Settings.of(configuration));
        configuration.set(AgentOptions.AGENT_ADDRESS, "http://127.0.0.1:8481");
        assertEquals(8481, Settings.of(configuration).agent().getPort());
    }

    @Test
    void thePlanStoreIsSwitchedUnderItsOtherNames() {
        assertTrue(Settings.of(new Configuration()).planStoreEnabled());
        for (String key :
                List.of(
                        "flink-ha.plan-store.enabled",
                        "high-availability.kubernetes.job-graph-store.enabled",
                        "high-availability.vvp-kubernetes.job-graph-store.enabled")) {
            Configuration configuration = new Configuration();
            configuration.setString(key, "false");
            assertFalse(Settings.of(configuration).planStoreEnabled(), key);
        }
    }

    @Test
    void checkpointsInTheHeapAreRefusedByName() {
        Configuration configuration = new Configuration();
        Settings.refuseJobManagerStorage(configuration);
        configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "JobManager");
        Exception refusal =
                assertThrows(
                        IllegalConfigurationException.class,
                        () -> Settings.refuseJobManagerStorage(configuration));
        assertTrue(
                String.valueOf(refusal.getMessage()).contains("execution.checkpointing.storage"));
    }

    @Test
    void onlyAnApplicationsJobManagerIsServed() throws Exception {
        Configuration configuration = new Configuration();
        Exception refusal =
                assertThrows(FlinkException.class, () -> Line.requireApplication(configuration));
        assertTrue(String.valueOf(refusal.getMessage()).contains("session cluster"));
        configuration.set(DeploymentOptions.TARGET, EmbeddedExecutor.NAME);
        Line.requireApplication(configuration);
    }

    @Test
    void aPythonProgramIsRefused() {
        Configuration configuration = new Configuration();
        configuration.set(AgentOptions.JOB_CLASS, "org.apache.flink.client.python.PythonDriver");
        Exception refusal =
                assertThrows(IllegalConfigurationException.class, () -> Settings.of(configuration));
        assertTrue(String.valueOf(refusal.getMessage()).contains("Python"));
    }

    @Test
    void oneProcessHoldsTheLock() throws Exception {
        try (JmLock lock = JmLock.take(directory, Duration.ZERO)) {
            assertThrows(FlinkException.class, () -> JmLock.take(directory, Duration.ofMillis(1)));
            assertEquals(36, lock.jm().length());
        }
        try (JmLock next = JmLock.take(directory, Duration.ZERO)) {
            assertEquals(next.jm(), Files.readString(directory.resolve("jm.lock")));
        }
    }

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
            assertEquals("http://here", jm.client.leader("restserver").getLeaderAddress());
            jm.agent.requireToken("renewed");
            Files.writeString(directory.resolve("token"), "renewed");
            assertEquals("http://here", jm.client.leader("restserver").getLeaderAddress());
        }
    }

    @Test
    void theDigestFollowsTheUserCode() throws Exception {
        Path usrlib = Files.createDirectories(directory.resolve("usrlib"));
        Files.writeString(usrlib.resolve("job.jar"), "one");
        Configuration configuration = new Configuration();
        String first = UserCodeDigest.of(configuration, "Job", usrlib);
        assertEquals(first, UserCodeDigest.of(configuration, "Job", usrlib));
        assertNotEquals(first, UserCodeDigest.of(configuration, "Other", usrlib));

        Files.writeString(usrlib.resolve("job.jar"), "two");
        String second = UserCodeDigest.of(configuration, "Job", usrlib);
        assertNotEquals(first, second);

        Path jar = Files.writeString(directory.resolve("other.jar"), "a");
        configuration.set(PipelineOptions.JARS, List.of(jar.toUri().toString()));
        String third = UserCodeDigest.of(configuration, "Job", usrlib);
        assertNotEquals(second, third);
        Files.writeString(jar, "b");
        assertNotEquals(third, UserCodeDigest.of(configuration, "Job", usrlib));
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
