package io.flinkha.flink.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.config.EffectiveSetting;
import io.flinkha.flink.fake.FakeAgent;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** Reads and writes the golden files that the agent's tests read and write, too. */
class WireTest {
    private static final String SHA =
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private static final String DIRECTORY =
            "file:/data/checkpoints/0123456789abcdef0123456789abcdef/chk-118";
    private static final Pointer POINTER =
            new Pointer(
                    118, DIRECTORY, DIRECTORY + "/_metadata", 9310, 1790000000000L, 1790000000417L);

    @Test
    void writesEveryRequestAsAgreed() throws IOException {
        assertEquals(
                golden("register"),
                Wire.register(
                        TestJm.JM,
                        "2.3.0",
                        SHA,
                        List.of(
                                new EffectiveSetting(
                                        "high-availability.storageDir",
                                        "s3://bucket/ha/team-a/orders/flink",
                                        "from flink-ha.storage.uri"))));
        same("gate", Wire.gate(TestJm.JM, 0, Watched.NOTHING));
        same(
                "gate-watched",
                Wire.gate(
                        TestJm.JM,
                        7,
                        new Watched(
                                Optional.of(Wire.text(golden("gate-watched"), "hung")),
                                OptionalLong.of(1_200_000))));
        same("term", Wire.call(TestJm.JM, 7));
        assertTrue(Wire.termAnswer(golden("term-shutdown")).haltCode().isEmpty());
        assertEquals(143, Wire.termAnswer(golden("term-halt")).haltCode().orElseThrow());
        same(
                "publish",
                Wire.publish(
                        TestJm.JM,
                        7,
                        Map.of(
                                "resourcemanager",
                                "pekko.tcp://flink@10.0.0.7:6123/user/rpc/resourcemanager_0",
                                "restserver",
                                "http://10.0.0.7:8081")));
        same("checkpoint-add", Wire.addCheckpoint(TestJm.JM, 7, TestJm.JOB, 1, POINTER));
        same("checkpoint-ids", Wire.reserveIds(TestJm.JM, 7, 128, 64));
        same(
                "result",
                Wire.result(
                        TestJm.JM,
                        7,
                        TestJm.JOB,
                        "FAILED",
                        "java.lang.RuntimeException: no more restarts",
                        "",
                        false));
        same("checkpoint", Wire.write(POINTER));
        same(
                "start-failed",
                Wire.ofJob(TestJm.JM, 7, TestJm.JOB)
                        .put("reason", Wire.text(golden("start-failed"), "reason")));
        JsonNode savepoint = golden("savepoint").path("savepoint");
        same(
                "savepoint",
                Wire.savepoint(
                        TestJm.JM,
                        7,
                        TestJm.JOB,
                        Wire.text(savepoint, "path"),
                        Wire.number(savepoint, "completedAt")));
    }

    @Test
    void readsAndReportsEarlierRuns() throws IOException {
        JsonNode answer = golden("leftovers");
        List<EarlierRun> runs = Wire.earlierRuns(answer);
        assertEquals(
                List.of(false, true),
                runs.stream().map(EarlierRun::isKept).collect(Collectors.toList()));
        assertEquals("", runs.get(0).path());
        assertEquals(answer.path("keep").path(0).path("path").asText(), runs.get(1).path());
        List<JobID> jobIds = runs.stream().map(EarlierRun::jobId).collect(Collectors.toList());
        same("collected", Wire.swept(TestJm.JM, 7, jobIds));
    }

    @Test
    void readsACheckpoint() throws IOException {
        assertEquals(POINTER, Wire.pointer(golden("checkpoint")));
    }

    @Test
    void readsTheGatesAnswers() throws IOException {
        GateAnswer waiting = Wire.gateAnswer(golden("gate-wait"), true);
        assertFalse(waiting.isOpen());
        assertEquals(golden("gate-wait").path("reason").asText(), waiting.reason());
        assertTrue(waiting.ahead().isEmpty());
        PlanReference ahead =
                Wire.gateAnswer(golden("gate-wait-ahead"), true).ahead().orElseThrow();
        assertEquals(new PlanReference(TestJm.JOB, SHA, 48213), ahead);
        assertTrue(ahead.is(Wire.start(golden("plan-resume"))));
        assertFalse(ahead.is(Wire.start(golden("plan-fresh"))));
        assertEquals(75, Wire.exitCode(golden("gate-halt"), 0));
        GateAnswer open = Wire.gateAnswer(golden("gate-open"), true);
        assertEquals(44210, open.remainingMillis());
        assertEquals("RESUME", open.grant().orElseThrow().start().kind());
        assertTrue(Wire.gateAnswer(golden("gate-open"), false).grant().isEmpty());
    }

    @Test
    void readsWhoLeads() throws IOException {
        UUID session = UUID.fromString(TestJm.SESSION);
        assertEquals(
                Map.of(
                        "dispatcher",
                        LeaderInformation.known(
                                session, "pekko.tcp://flink@10.0.0.7:6123/user/rpc/dispatcher_1"),
                        "restserver",
                        LeaderInformation.known(session, "http://10.0.0.7:8081")),
                Wire.leaders(golden("leader")));
        assertEquals(Map.of(), Wire.leaders(FakeAgent.JSON.readTree("{\"leaders\":{}}")));
    }

    @Test
    void readsTheStarts() throws IOException {
        Start.Fresh fresh = started(Start.Fresh.class, "plan-fresh");
        assertEquals(1, fresh.reservedTo());

        Start.Resume resume = started(Start.Resume.class, "plan-resume");
        assertEquals("count", resume.jobName());
        assertEquals(193, resume.reservedTo());
        assertEquals(1, resume.checkpoints().size());
        assertEquals(POINTER, resume.checkpoints().get(0));
        assertEquals(SHA, resume.planSha256());
        assertEquals(
                "file:/data/checkpoints/old/chk-7", resume.restoredFrom().orElseThrow().path());

        Start.Restore restore = started(Start.Restore.class, "plan-restore");
        assertEquals("file:/data/checkpoints/old/chk-118", restore.origins().get(0).path());
        assertEquals("NO_CLAIM", restore.origins().get(0).claimMode());
    }

    private static <S extends Start> S started(Class<S> kind, String name) throws IOException {
        Start start = assertInstanceOf(kind, Wire.start(golden(name)));
        assertEquals(golden(name).path("kind").asText(), start.kind());
        assertEquals(golden(name).path("reason").asText(), start.reason());
        return kind.cast(start);
    }

    /** An agent of another version may know a start that this jar does not. */
    @Test
    void refusesAStartThatItDoesNotKnow() throws IOException {
        JsonNode other =
                FakeAgent.JSON.readTree(golden("plan-fresh").toString().replace("FRESH", "REWIND"));
        IOException refused = assertThrows(IOException.class, () -> Wire.start(other));
        assertEquals("this jar does not know the start kind REWIND", refused.getMessage());
    }

    private static void same(String name, JsonNode written) throws IOException {
        // Through text: numbers of one value may be nodes of two types.
        assertEquals(golden(name), FakeAgent.JSON.readTree(written.toString()));
    }

    private static JsonNode golden(String name) throws IOException {
        try (InputStream in = WireTest.class.getResourceAsStream("/protocol/" + name + ".json")) {
            if (in == null) {
                throw new IOException("no golden file " + name);
            }
            return Wire.read(in);
        }
    }
}
