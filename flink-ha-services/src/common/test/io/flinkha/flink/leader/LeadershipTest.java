package io.flinkha.flink.leader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.agent.OtherEnd;
import io.flinkha.flink.fake.FakeAgent;
import io.flinkha.flink.process.Run;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.leaderelection.LeaderElectionDriver;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.apache.flink.runtime.leaderelection.LeaderInformationRegister;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeadershipTest {
    private static final String JOB = "job-" + TestJm.JOB;
    private static final UUID SESSION = UUID.fromString(TestJm.SESSION);

    @TempDir Path directory;
    private TestJm jm;
    private final BlockingQueue<Map<String, String>> published = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws Exception {
        jm = new TestJm(directory);
        jm.agent.on(
                "/v1/publish",
                call -> {
                    published.add(OtherEnd.addresses(call.json()));
                    return FakeAgent.ok();
                });
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    private static LeaderInformation at(String address) {
        return LeaderInformation.known(SESSION, address);
    }

    private AgentElectionDriver driver(Listener listener) {
        return new AgentElectionDriver(jm.gate, jm.addresses, jm.granted, listener);
    }

    @Test
    void grantsOnceTheStartIsPrepared() throws Exception {
        Listener listener = new Listener();
        AgentElectionDriver driver = driver(listener);
        assertFalse(driver.hasLeadership());
        jm.grant(TestJm.fresh());
        assertEquals(SESSION, listener.grants.poll(30, TimeUnit.SECONDS));
        assertTrue(driver.hasLeadership());
        jm.nanos.addAndGet(TimeUnit.MINUTES.toNanos(5));
        assertFalse(driver.hasLeadership());
    }

    @Test
    void grantsASecondDriverTheSameSession() throws Exception {
        jm.grant(TestJm.fresh());
        Listener first = new Listener();
        AgentElectionDriver closed = driver(first);
        assertEquals(SESSION, first.grants.poll(30, TimeUnit.SECONDS));
        closed.close();
        assertFalse(closed.hasLeadership());
        Listener second = new Listener();
        AgentElectionDriver driver = driver(second);
        assertEquals(SESSION, second.grants.poll(30, TimeUnit.SECONDS));
        assertTrue(driver.hasLeadership());
    }

    @Test
    void tellsTheWholeMapAndKeepsAJobUntilItsEndIsRecorded() throws Exception {
        Run run = jm.grant(TestJm.fresh());
        LeaderAddresses addresses = jm.addresses;
        addresses.publish("resourcemanager", at("rm"));
        addresses.publish(JOB, at("job"));
        Map<String, String> both = Map.of("resourcemanager", "rm", JOB, "job");
        awaitPublished(both);

        // A JobManager that goes down takes all back; the TaskManagers must not see that.
        addresses.delete("resourcemanager");
        addresses.delete(JOB);
        addresses.publish("restserver", at("rest"));
        awaitPublished(Map.of("resourcemanager", "rm", JOB, "job", "restserver", "rest"));

        assertTrue(run.result().complete(JobStatus.FINISHED));
        addresses.delete(JOB);
        awaitPublished(Map.of("resourcemanager", "rm", "restserver", "rest"));
    }

    @Test
    void tellsItAgainToAnAgentThatAsks() throws Exception {
        jm.grant(TestJm.fresh());
        jm.addresses.publish("resourcemanager", at("rm"));
        awaitPublished(Map.of("resourcemanager", "rm"));
        published.clear();
        jm.agent.on(
                "/v1/gate",
                call -> FakeAgent.ok(TestJm.open(45_000, null).replace("}", ",\"publish\":true}")));
        jm.gate.pollOnce();
        awaitPublished(Map.of("resourcemanager", "rm"));
    }

    private void awaitPublished(Map<String, String> expected) throws InterruptedException {
        Map<String, String> seen = Map.of();
        while (!seen.equals(expected)) {
            seen = published.poll(30, TimeUnit.SECONDS);
            assertTrue(seen != null, "never published: " + expected);
        }
    }

    @Test
    void servesLeadersInProcess() throws Exception {
        jm.grant(TestJm.fresh());
        LeaderAddresses addresses = jm.addresses;
        BlockingQueue<LeaderInformation> seen = new LinkedBlockingQueue<>();
        InProcessRetrievalDriver retrieval =
                new InProcessRetrievalDriver(addresses, "dispatcher", seen::add);
        assertEquals(LeaderInformation.empty(), seen.poll(30, TimeUnit.SECONDS));
        addresses.publish("dispatcher", at("one"));
        assertEquals(at("one"), seen.poll(30, TimeUnit.SECONDS));
        addresses.publish("restserver", at("rest"));
        addresses.publish("dispatcher", at("two"));
        assertEquals(at("two"), seen.poll(30, TimeUnit.SECONDS));
        BlockingQueue<LeaderInformation> late = new LinkedBlockingQueue<>();
        InProcessRetrievalDriver second =
                new InProcessRetrievalDriver(addresses, "dispatcher", late::add);
        assertEquals(at("two"), late.poll(30, TimeUnit.SECONDS));
        addresses.delete("dispatcher");
        assertEquals(LeaderInformation.empty(), seen.poll(30, TimeUnit.SECONDS));
        assertEquals(LeaderInformation.empty(), late.poll(30, TimeUnit.SECONDS));
        retrieval.close();
        second.close();
    }

    @Test
    void servesTheLeaderOfAnotherPodUntilTheGrant() throws Exception {
        jm.agent.on("/v1/leader", call -> FakeAgent.ok(leader("far", "away")));
        BlockingQueue<LeaderInformation> seen = new LinkedBlockingQueue<>();
        InProcessRetrievalDriver retrieval =
                new InProcessRetrievalDriver(jm.addresses, "dispatcher", seen::add);
        assertEquals(LeaderInformation.empty(), seen.poll(30, TimeUnit.SECONDS));
        assertEquals(at("far"), seen.poll(30, TimeUnit.SECONDS));

        // What this JVM knows of itself, and tells the agent, is as before.
        assertTrue(jm.addresses.address("restserver").isEmpty());
        assertFalse(jm.addresses.hasJobMaster(TestJm.job()));

        // Others than the one that is gone are not known: the last one stays.
        jm.agent.on("/v1/leader", call -> FakeAgent.ok("{\"leaders\":{}}"));
        awaitCallsOf("/v1/leader", 2);
        jm.agent.on("/v1/leader", call -> FakeAgent.ok(leader("farther", "away")));
        assertEquals(at("farther"), seen.poll(30, TimeUnit.SECONDS));
        BlockingQueue<LeaderInformation> late = new LinkedBlockingQueue<>();
        InProcessRetrievalDriver second =
                new InProcessRetrievalDriver(jm.addresses, "dispatcher", late::add);
        assertEquals(at("farther"), late.poll(30, TimeUnit.SECONDS));

        jm.grant(TestJm.fresh());
        assertEquals(LeaderInformation.empty(), seen.poll(30, TimeUnit.SECONDS));
        assertEquals(LeaderInformation.empty(), late.poll(30, TimeUnit.SECONDS));
        jm.addresses.publish("dispatcher", at("here"));
        assertEquals(at("here"), seen.poll(30, TimeUnit.SECONDS));
        awaitPublished(Map.of("dispatcher", "here"));
        retrieval.close();
        second.close();
    }

    @Test
    void aLateAnswerIsNotTakenForTheLeader() throws Exception {
        jm.agent.silence("/v1/leader", FakeAgent.ok(leader("far", "away")));
        BlockingQueue<LeaderInformation> seen = new LinkedBlockingQueue<>();
        InProcessRetrievalDriver retrieval =
                new InProcessRetrievalDriver(jm.addresses, "dispatcher", seen::add);
        assertEquals(LeaderInformation.empty(), seen.poll(30, TimeUnit.SECONDS));
        awaitCallsOf("/v1/leader", 1);
        jm.grant(TestJm.fresh());
        jm.addresses.publish("dispatcher", at("here"));
        assertEquals(at("here"), seen.poll(30, TimeUnit.SECONDS));
        jm.agent.speak();
        jm.addresses.publish("dispatcher", at("there"));
        assertEquals(at("there"), seen.poll(30, TimeUnit.SECONDS));
        retrieval.close();
    }

    @Test
    void asksNobodyForAnotherLeaderOnceItLeads() throws Exception {
        jm.grant(TestJm.fresh());
        BlockingQueue<LeaderInformation> seen = new LinkedBlockingQueue<>();
        InProcessRetrievalDriver retrieval =
                new InProcessRetrievalDriver(jm.addresses, "dispatcher", seen::add);
        assertEquals(LeaderInformation.empty(), seen.poll(30, TimeUnit.SECONDS));
        jm.addresses.publish("dispatcher", at("here"));
        assertEquals(at("here"), seen.poll(30, TimeUnit.SECONDS));
        assertEquals(List.of(), jm.agent.calls("/v1/leader"));
        retrieval.close();
    }

    private void awaitCallsOf(String path, int count) {
        while (jm.agent.calls(path).size() < count) {
            Thread.onSpinWait();
        }
    }

    private static String leader(String dispatcher, String rest) {
        return "{\"session\":\""
                + TestJm.SESSION
                + "\",\"leaders\":{\"dispatcher\":\""
                + dispatcher
                + "\",\"restserver\":\""
                + rest
                + "\"}}";
    }

    private static final class Listener implements LeaderElectionDriver.Listener {
        private final BlockingQueue<UUID> grants = new LinkedBlockingQueue<>();

        @Override
        public void onGrantLeadership(UUID session) {
            grants.add(session);
        }

        @Override
        public void onRevokeLeadership() {
            throw new AssertionError("nothing is ever revoked");
        }

        @Override
        public void onLeaderInformationChange(String component, LeaderInformation leader) {
            throw new AssertionError("no change is ever emitted");
        }

        @Override
        public void onLeaderInformationChange(LeaderInformationRegister leaders) {
            throw new AssertionError("no change is ever emitted");
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }
    }
}
