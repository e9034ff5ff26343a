package io.flinkha.flink.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.agent.Sha256;
import io.flinkha.flink.config.AgentOptions;
import io.flinkha.flink.fake.FakeAgent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a JobManager that waits reads, and what its recovery takes of it. */
class PlanAheadTest {
    private static final String PLANS = "/v1/plans/";
    private static final String AHEAD = PLANS + TestJm.JOB + "?jm=" + TestJm.JM + "&epoch=0";
    private static final String GRANTED = AHEAD.replace("epoch=0", "epoch=" + TestJm.EPOCH);
    private static final String NONE = "{\"answer\":\"WAIT\",\"reason\":\"held\"}";

    @TempDir Path directory;
    private TestJm jm;
    private byte[] stored;

    @BeforeEach
    void start() throws Exception {
        stored = plan("count");
        open(new Configuration());
    }

    private void open(Configuration configuration) throws Exception {
        configuration.set(
                HighAvailabilityOptions.HA_STORAGE_PATH, "file:" + directory.resolve("ha"));
        jm = new TestJm(directory, configuration);
        jm.agent.on(PLANS, call -> new FakeAgent.Answer(200, stored));
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    @Test
    void usesWhatWasReadAhead() throws Exception {
        settle(ahead(TestJm.JOB, stored, 1));
        awaitRead();
        assertRecovered("count");
        assertEquals(List.of(), jm.agent.calls(GRANTED));
        assertTrue(jm.run().isPlanRecovered());
    }

    @Test
    void readsItOnce() throws Exception {
        String answer = ahead(TestJm.JOB, stored, 1);
        settle(answer);
        awaitRead();
        poll(answer);
        poll(answer);
        assertEquals(1, jm.agent.calls(AHEAD).size());
    }

    /** Flink changes the plan that it runs. */
    @Test
    void handsItOutOnce() throws Exception {
        settle(ahead(TestJm.JOB, stored, 1));
        awaitRead();
        assertRecovered("count");
        assertInstanceOf(JobGraph.class, jm.planStore().recover(TestJm.job()));
        assertEquals(1, jm.agent.calls(GRANTED).size());
    }

    @Test
    void leavesAProcessInPeaceThatIsAboutToBeGranted() throws Exception {
        poll(ahead(TestJm.JOB, stored, 1));
        assertRecovered("count");
        assertEquals(List.of(), jm.agent.calls(AHEAD));
    }

    @Test
    void readsAnotherOneThatIsNamed() throws Exception {
        settle(ahead(TestJm.JOB, stored, 1));
        awaitRead();
        stored = plan("rescaled");
        poll(ahead(TestJm.JOB, stored, 1));
        awaitRead();
        assertEquals(2, jm.agent.calls(AHEAD).size());
        assertRecovered("rescaled");
        assertEquals(List.of(), jm.agent.calls(GRANTED));
    }

    @Test
    void dropsWhatIsNotNamedAnyMore() throws Exception {
        settle(ahead(TestJm.JOB, stored, 1));
        awaitRead();
        poll(NONE);
        assertRecovered("count");
        assertEquals(1, jm.agent.calls(GRANTED).size());
    }

    @Test
    void recoversNoOtherPlanThanTheStartNames() throws Exception {
        settle(ahead(TestJm.JOB, stored, 1));
        awaitRead();
        stored = plan("rescaled");
        assertRecovered("rescaled");
    }

    @Test
    void ofAnotherJobItIsOfNoUse() throws Exception {
        settle(ahead(new JobID().toHexString(), stored, 1));
        awaitRead();
        assertRecovered("count");
        assertEquals(1, jm.agent.calls(GRANTED).size());
    }

    @Test
    void withAnotherClassLoaderItIsReadAgain() throws Exception {
        settle(ahead(TestJm.JOB, stored, 1));
        awaitRead();
        Thread thread = Thread.currentThread();
        ClassLoader own = thread.getContextClassLoader();
        thread.setContextClassLoader(new ClassLoader(own) {});
        try {
            assertRecovered("count");
        } finally {
            thread.setContextClassLoader(own);
        }
        assertEquals(1, jm.agent.calls(GRANTED).size());
    }

    @Test
    void aDamagedOneIsNotTriedAgainAndCostsNothing() throws Exception {
        String answer = ahead(TestJm.JOB, plan("another"), 1);
        settle(answer);
        awaitRead();
        jm.nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        poll(answer);
        assertEquals(1, jm.agent.calls(AHEAD).size());
        assertRecovered("count");
        assertTrue(jm.halt.codes().isEmpty());
    }

    @Test
    void whereNobodyAnswersItIsTriedAgainLater() throws Exception {
        jm.agent.on(AHEAD, call -> FakeAgent.unavailable());
        String answer = ahead(TestJm.JOB, stored, 1);
        settle(answer);
        awaitRead();
        poll(answer);
        assertEquals(1, jm.agent.calls(AHEAD).size());
        jm.agent.on(AHEAD, call -> new FakeAgent.Answer(200, stored));
        jm.nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        poll(answer);
        awaitRead();
        assertRecovered("count");
        assertEquals(2, jm.agent.calls(AHEAD).size());
        assertEquals(List.of(), jm.agent.calls(GRANTED));
    }

    /**
     * By the time of the answer this process may be at another epoch than the 0 of its question.
     */
    @Test
    void fencedHereHaltsNobody() throws Exception {
        jm.agent.on(AHEAD, call -> FakeAgent.fenced());
        settle(ahead(TestJm.JOB, stored, 1));
        awaitRead();
        assertTrue(jm.halt.codes().isEmpty());
        assertRecovered("count");
    }

    @Test
    void aLargeOneIsLeftWhereItIs() throws Exception {
        settle(ahead(TestJm.JOB, stored, (64 << 20) + 1));
        assertRecovered("count");
        assertEquals(List.of(), jm.agent.calls(AHEAD));
    }

    @Test
    void readsNoneWhereNoneIsStored() throws Exception {
        jm.close();
        Configuration off = new Configuration();
        off.set(AgentOptions.PLAN_STORE_ENABLED, false);
        open(off);
        settle(ahead(TestJm.JOB, stored, 1));
        assertEquals(List.of(), jm.agent.calls(AHEAD));
    }

    private void assertRecovered(String name) throws Exception {
        if (jm.granted.orNull() == null) {
            jm.grant(TestJm.resume("count", sha(stored), List.of(), ""));
        }
        var recovered = jm.planStore().recover(TestJm.job());
        assertEquals(name, assertInstanceOf(JobGraph.class, recovered).getName());
    }

    private void poll(String answer) {
        jm.agent.on("/v1/gate", call -> FakeAgent.ok(answer));
        var unused = jm.gate.pollOnce();
    }

    /** Long enough a wait that this is no restart beside the agent that leads. */
    private void settle(String answer) {
        poll(answer);
        jm.nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        poll(answer);
    }

    /** Whether it came to a plan or not. */
    private void awaitRead() {
        while (jm.planAhead().isReading()) {
            Thread.onSpinWait();
        }
    }

    private static String ahead(String jobId, byte[] plan, long bytes) {
        return NONE.replace(
                "}",
                ",\"ahead\":{\"jobId\":\""
                        + jobId
                        + "\",\"sha256\":\""
                        + sha(plan)
                        + "\",\"bytes\":"
                        + bytes
                        + "}}");
    }

    private static byte[] plan(String name) throws IOException {
        return InstantiationUtil.serializeObject(new JobGraph(TestJm.job(), name));
    }

    private static String sha(byte[] bytes) {
        return Sha256.hex(Sha256.digest().digest(bytes));
    }
}
