package io.flinkha.flink.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.agent.Sha256;
import io.flinkha.flink.config.AgentOptions;
import io.flinkha.flink.fake.FakeAgent;
import io.flinkha.flink.fake.FakeObjectStore;
import io.flinkha.flink.fake.LineCalls;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.process.Run;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.runtime.blob.PermanentBlobKey;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.util.InstantiationUtil;
import org.apache.flink.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanStoreTest {
    private static final String PLANS = "/v1/plans/";
    private static final String REJECTED = "/v1/plan-rejected";

    @TempDir Path directory;
    private TestJm jm;
    private byte[] stored = new byte[0];

    @BeforeEach
    void start() throws Exception {
        open(new Configuration());
    }

    private void open(Configuration configuration) throws Exception {
        configuration.set(
                HighAvailabilityOptions.HA_STORAGE_PATH, "file:" + directory.resolve("ha"));
        jm = new TestJm(directory, configuration);
        jm.agent.on(
                PLANS,
                call -> {
                    if (call.method.equals("PUT")) {
                        stored = call.body;
                        return FakeAgent.ok("{\"sha256\":\"" + sha(stored) + "\",\"bytes\":1}");
                    }
                    return call.method.equals("GET")
                            ? new FakeAgent.Answer(200, stored)
                            : FakeAgent.ok();
                });
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    private static String sha(byte[] bytes) {
        return Sha256.hex(Sha256.digest().digest(bytes));
    }

    private static JobGraph plan(JobID id) {
        return new JobGraph(id, "count");
    }

    @Test
    void storesThePlanUnderItsName() throws Exception {
        Run run = jm.grant(TestJm.fresh());
        LinePlanStore store = jm.planStore();
        store.put(plan(TestJm.job()));
        FakeAgent.Call put = jm.agent.calls(PLANS + TestJm.JOB).get(0);
        assertTrue(put.path.contains("name=count"));
        JobGraph sent = InstantiationUtil.deserializeObject(put.body, getClass().getClassLoader());
        assertEquals(TestJm.job(), sent.getJobID());
        assertTrue(run.isPlanSubmitted());
        assertTrue(store.getJobIds().isEmpty());
    }

    @Test
    void repeatsAPutOfUnknownOutcome() throws Exception {
        jm.grant(TestJm.fresh());
        byte[] expected = InstantiationUtil.serializeObject(plan(TestJm.job()));
        jm.agent.onFirst(
                PLANS,
                FakeAgent.broken(),
                FakeAgent.ok("{\"sha256\":\"" + sha(expected) + "\",\"bytes\":1}"));
        jm.planStore().put(plan(TestJm.job()));
        assertEquals(2, jm.agent.calls(PLANS).size());
    }

    @Test
    void sendsThePlanAgainWithTheRenewedToken() throws Exception {
        jm.grant(TestJm.fresh());
        jm.agent.requireToken("renewed");
        Files.writeString(directory.resolve("token"), "renewed");
        jm.planStore().put(plan(TestJm.job()));
        assertEquals(1, jm.agent.calls(PLANS).size());
        assertEquals(
                TestJm.job(),
                InstantiationUtil.<JobGraph>deserializeObject(stored, getClass().getClassLoader())
                        .getJobID());
    }

    @Test
    void aSecondJobIsRefused() throws Exception {
        jm.grant(TestJm.fresh());
        LinePlanStore store = jm.planStore();
        store.put(plan(TestJm.job()));
        Exception refusal = assertThrows(Exception.class, () -> store.put(plan(new JobID())));
        assertTrue(String.valueOf(refusal.getMessage()).contains("one main() is one job"));
        assertEquals(1, jm.agent.calls(PLANS).size());
    }

    @Test
    void theStandInNeverBecomesAJob() throws Exception {
        jm.grant(TestJm.resume("count", "00", List.of(), ""));
        LinePlanStore store = jm.planStore();
        assertThrows(Halt.Halted.class, () -> store.put(plan(TestJm.job())));
        assertTrue(jm.agent.calls(PLANS).isEmpty());
        assertEquals(1, jm.agent.calls(REJECTED).size());
        assertEquals(List.of(Halt.GATE_CLOSED), jm.halt.codes());
    }

    @Test
    void resumesWhatWasStored() throws Exception {
        stored = InstantiationUtil.serializeObject(plan(TestJm.job()));
        Run run = jm.grant(TestJm.resume("count", sha(stored), List.of(), ""));
        LinePlanStore store = jm.planStore();
        assertEquals(List.of(TestJm.job()), List.copyOf(store.getJobIds()));
        var recovered = store.recover(TestJm.job());
        assertInstanceOf(JobGraph.class, recovered);
        assertTrue(run.isPlanRecovered());
    }

    @Test
    void rejectsADamagedPlan() throws Exception {
        stored = InstantiationUtil.serializeObject(plan(TestJm.job()));
        String sha = sha(stored);
        stored = "not a plan".getBytes(StandardCharsets.UTF_8);
        rejects(TestJm.resume("count", sha, List.of(), ""));
    }

    @Test
    void rejectsAnotherPlanThanTheOneNamed() throws Exception {
        stored = InstantiationUtil.serializeObject(plan(TestJm.job()));
        rejects(TestJm.resume("count", "00", List.of(), ""));
    }

    @Test
    void rejectsAPlanWhoseJarsAreGone() throws Exception {
        JobGraph plan = plan(TestJm.job());
        plan.addUserJarBlobKey(new PermanentBlobKey());
        stored = InstantiationUtil.serializeObject(plan);
        rejects(TestJm.resume("count", sha(stored), List.of(), ""));
        assertTrue(jm.halt.reason().contains("blob/job_" + TestJm.JOB));
    }

    @Test
    void keepsAPlanWhoseJarsCannotBeLookedFor() throws Exception {
        JobGraph plan = plan(TestJm.job());
        plan.addUserJarBlobKey(new PermanentBlobKey());
        stored = InstantiationUtil.serializeObject(plan);
        jm.configuration.set(HighAvailabilityOptions.HA_STORAGE_PATH, "objects:/ha");
        jm.grant(TestJm.resume("count", sha(stored), List.of(), ""));
        try (FakeObjectStore objects = FakeObjectStore.install()) {
            objects.answers = false;
            LinePlanStore store = jm.planStore();
            assertThrows(Halt.Halted.class, () -> store.recover(TestJm.job()));
        }
        assertEquals(List.of(Halt.FAILED_START), jm.halt.codes());
        assertTrue(jm.agent.calls(REJECTED).isEmpty());
    }

    @Test
    void rejectsAPlanThatIsGone() throws Exception {
        jm.agent.on(PLANS, call -> FakeAgent.of(404, "{\"error\":\"no plan\"}"));
        rejects(TestJm.resume("count", "00", List.of(), ""));
    }

    private void rejects(String start) throws Exception {
        jm.grant(start);
        LinePlanStore store = jm.planStore();
        assertThrows(Halt.Halted.class, () -> store.recover(TestJm.job()));
        assertEquals(List.of(Halt.GATE_CLOSED), jm.halt.codes());
        assertEquals(1, jm.agent.calls(REJECTED).size());
    }

    @Test
    void aNewParallelismIsWrittenIntoTheStoredPlan() throws Exception {
        jm.grant(TestJm.fresh());
        LinePlanStore store = jm.planStore();
        store.put(plan(TestJm.job()));
        JobResourceRequirements wanted =
                JobResourceRequirements.newBuilder()
                        .setParallelismForJobVertex(new JobVertexID(), 1, 4)
                        .build();
        store.putJobResourceRequirements(TestJm.job(), wanted);
        JobGraph rewritten =
                InstantiationUtil.deserializeObject(stored, getClass().getClassLoader());
        assertEquals(wanted, LineCalls.requirements(rewritten).orElseThrow());
    }

    @Test
    void dropsThePlanOnlyAfterTheRecordedEnd() throws Exception {
        Run run = jm.grant(TestJm.fresh());
        LinePlanStore store = jm.planStore();
        store.globalCleanupAsync(TestJm.job(), Executors.directExecutor())
                .get(30, TimeUnit.SECONDS);
        assertTrue(jm.agent.calls(PLANS).isEmpty());
        assertTrue(run.result().complete(JobStatus.FAILED));
        store.globalCleanupAsync(TestJm.job(), Executors.directExecutor())
                .get(30, TimeUnit.SECONDS);
        assertEquals("DELETE", jm.agent.calls(PLANS).get(0).method);
    }

    @Test
    void storesNothingWhenSwitchedOff() throws Exception {
        jm.close();
        Configuration off = new Configuration();
        off.set(AgentOptions.PLAN_STORE_ENABLED, false);
        open(off);
        Run run = jm.grant(TestJm.fresh());
        jm.planStore().put(plan(TestJm.job()));
        assertTrue(jm.agent.calls(PLANS).isEmpty());
        assertTrue(run.isPlanSubmitted());
    }
}
