package io.flinkha.agent.adapter.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.contract.FakeAgentView;
import io.flinkha.agent.contract.OpenApiDocument;
import io.flinkha.agent.core.LeadingState;
import io.flinkha.agent.core.Moment;
import io.flinkha.agent.core.State;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.RestoredFrom;
import io.flinkha.agent.core.manifest.Revision;
import io.flinkha.agent.core.manifest.Run;
import io.flinkha.agent.core.manifest.Savepoint;
import io.flinkha.agent.core.restart.OnFailed;
import io.flinkha.agent.core.restart.RestartPolicy;
import io.flinkha.agent.port.Takeover;
import io.flinkha.agent.port.Takeover.Step;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentStatusTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final long SECOND = 1_000_000_000;
    private static final StatusPage.Identity IDENTITY =
            new StatusPage.Identity(
                    "orders",
                    "team-a",
                    "pod",
                    "orders-job",
                    new RestartPolicy(true, OnFailed.FAIL, 3, Duration.ofHours(1)));

    private static Manifest manifest() {
        return Manifest.EMPTY
                .startRun(
                        new Revision("c1", "2.3.0", "code"),
                        new Run("job-1", "", 6),
                        new RestoredFrom("s3://b/chk-9", RestoredFrom.ClaimMode.NO_CLAIM, false, 0))
                .withPlan(new Run("job-1", "count", 6), new PlanRef("abc", 12))
                .withCheckpoints(
                        List.of(
                                new Checkpoint(1, "s3://b/chk-1", "m", 1, 1, at(-60)),
                                new Checkpoint(2, "s3://b/chk-2", "m", 1, 1, at(-10))))
                .withSavepoint(new Savepoint("job-1", "s3://b/sp", at(-30)))
                .claimedBy(
                        new Leadership(
                                6, "pod/uid", "2026-11-22T11:30:00Z", "the agent took the Lease"))
                .claimedBy(
                        new Leadership(
                                7, "pod/uid", "2026-11-22T11:50:00Z", RestartPolicy.PROCESS_ENDED));
    }

    private static long at(long seconds) {
        return NOW.plusSeconds(seconds).toEpochMilli();
    }

    private static AgentStatus status(State state, Duration idle) {
        return new AgentStatus(IDENTITY, new FakeAgentView(state, idle, false, 2, List.of()), NOW);
    }

    @Test
    void aLeaderShowsItsJob() {
        JsonObject shown =
                status(LeadingState.of(manifest()), Duration.ofMillis(5)).status(new JsonArray());
        assertEquals("pod", shown.getString("pod"));
        assertEquals(
                new JsonObject()
                        .put("leads", true)
                        .put("holder", "pod/uid")
                        .put("epoch", 7L)
                        .put("since", "2026-11-22T11:50:00Z")
                        .putNull("standby")
                        .put("reason", "the JobManager ended"),
                shown.getJsonObject("leadership"));
        assertEquals(39_995, shown.getJsonObject("jobManager").getLong("gateRemainingMillis"));
        assertEquals("count", shown.getJsonObject("job").getString("jobName"));
        assertEquals(
                new JsonObject()
                        .put("id", 2L)
                        .put("path", "s3://b/chk-2")
                        .put("completedAt", "2026-11-22T11:59:50Z")
                        .put("ageSeconds", 10L),
                shown.getJsonArray("checkpoints").getJsonObject(0));
        assertEquals(1L, shown.getJsonArray("checkpoints").getJsonObject(1).getLong("id"));
        assertEquals(30L, shown.getJsonObject("savepoint").getLong("ageSeconds"));
        assertNull(shown.getJsonObject("restoredFrom").getString("completedAt"), "0 is unknown");
        JsonObject job = shown.getJsonObject("kubernetesJob");
        assertEquals("FAIL_JOB", job.getString("signal"));
        assertEquals(
                new JsonObject()
                        .put("failures", 2)
                        .put("maxFailures", 3)
                        .put("windowSeconds", 3600L),
                job.getJsonObject("budget"));
        JsonObject answer = new JsonObject(shown.encode());
        assertEquals(List.of(), OpenApiDocument.read("status").misfits("Status", answer));
    }

    @Test
    void whatIsNotKnownIsNull() {
        JsonObject shown = status(State.initial(), Duration.ZERO).status(new JsonArray());
        assertNull(shown.getJsonObject("leadership").getValue("epoch"));
        assertNull(shown.getValue("job"));
        assertEquals(new JsonArray(), shown.getJsonArray("checkpoints"));
        assertNull(shown.getJsonObject("kubernetesJob").getValue("failed"));
        assertEquals(List.of(), OpenApiDocument.read("status").misfits("Status", shown));
    }

    @Test
    void aResultAndATimeThatNoCalendarHasAreShown() {
        Manifest ended =
                manifest()
                        .withCheckpoints(List.of(new Checkpoint(1, "p", "m", 1, 1, Long.MAX_VALUE)))
                        .withResult(new JobResult("job-1", JobResult.Status.FAILED, "boom", "t"));
        JsonObject shown = status(LeadingState.of(ended), Duration.ZERO).status(new JsonArray());
        assertEquals("boom", shown.getJsonObject("job").getJsonObject("result").getString("cause"));
        assertNull(shown.getJsonArray("checkpoints").getJsonObject(0).getValue("completedAt"));
    }

    @Test
    void aLoopThatHangsKeepsNoGateOpen() {
        assertTrue(status(LeadingState.of(manifest()), Duration.ofSeconds(39)).leads());
        AgentStatus hung = status(LeadingState.of(manifest()), Duration.ofSeconds(40));
        assertFalse(hung.leads());
        assertFalse(hung.status(new JsonArray()).getJsonObject("agent").getBoolean("gateOpen"));
    }

    @Test
    void historyHasTheStepsOfTheEpochsThatThisProcessBegan() {
        Takeover seen =
                new Takeover(
                        7,
                        Map.of(
                                Step.PROCESS_ENDED,
                                new Moment(5 * SECOND, at(-600)),
                                Step.GATE_OPENED,
                                new Moment(6 * SECOND, at(-599))));
        JsonObject history =
                History.of(
                        "orders",
                        new FakeAgentView(
                                LeadingState.of(manifest()),
                                Duration.ZERO,
                                false,
                                2,
                                List.of(seen)));
        JsonArray leaderships = history.getJsonArray("leaderships");
        JsonObject newest = leaderships.getJsonObject(0);
        assertEquals(7L, newest.getLong("epoch"));
        assertEquals(
                new JsonObject().put("time", "2026-11-22T11:50:01Z").put("millis", 1_000L),
                newest.getJsonObject("phases").getJsonObject("gateOpened"));
        assertNull(newest.getJsonObject("phases").getValue("claimed"));
        assertNull(leaderships.getJsonObject(1).getValue("phases"), "another process began it");
        JsonObject answer = new JsonObject(history.encode());
        assertEquals(List.of(), OpenApiDocument.read("status").misfits("History", answer));
    }
}
