package io.flinkha.agent.adapter.jobmanager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.gate.Registration;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.gate.WaitReason;
import io.flinkha.agent.core.manifest.Change;
import io.flinkha.agent.core.manifest.Checkpoint;
import io.flinkha.agent.core.manifest.EarlierRun;
import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.PlanRef;
import io.flinkha.agent.core.manifest.RestoredFrom;
import io.flinkha.agent.core.manifest.RestoredFrom.ClaimMode;
import io.flinkha.agent.core.manifest.Savepoint;
import io.flinkha.agent.core.restart.Refusal;
import io.flinkha.agent.core.restart.Start;
import io.flinkha.agent.port.Setting;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The golden files of the wire, which the JobManager's side reads too. */
class WireTest {
    private static final String JM = "11111111-2222-3333-4444-555555555555";
    private static final String JOB = "0123456789abcdef0123456789abcdef";
    private static final String SHA =
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private static final Checkpoint CHECKPOINT =
            new Checkpoint(
                    118,
                    "file:/data/checkpoints/" + JOB + "/chk-118",
                    "file:/data/checkpoints/" + JOB + "/chk-118/_metadata",
                    9310,
                    1790000000000L,
                    1790000000417L);
    private static final Start.Resume RESUME =
            new Start.Resume(
                    "same revision, plan intact",
                    JOB,
                    "count",
                    new PlanRef(SHA, 48213),
                    193,
                    List.of(CHECKPOINT),
                    new RestoredFrom(
                            "file:/data/checkpoints/old/chk-7", ClaimMode.NO_CLAIM, false, 0),
                    false);

    static JsonObject golden(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(
                        WireTest.class.getResourceAsStream("/protocol/" + name + ".json"), name)) {
            return new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void readsRequests() throws IOException {
        assertEquals(
                new Event.Registered(3, new Registration(JM, "2.3.0", SHA)),
                Wire.register(golden("register")).apply(3));
        assertEquals(
                List.of(
                        new Setting(
                                "high-availability.storageDir",
                                "s3://bucket/ha/team-a/orders/flink",
                                "from flink-ha.storage.uri")),
                Wire.settings(golden("register")));
        assertEquals(List.of(), Wire.settings(golden("gate")), "an older jar sends none");
        assertEquals(new Event.GatePolled(3, JM, 0), Wire.gate(golden("gate")).apply(3));
        JsonObject watched = golden("gate-watched");
        assertEquals(
                new Event.GatePolled(3, JM, 7, watched.getString("hung"), 1_200_000),
                Wire.gate(watched).apply(3));
        assertEquals(new Event.TermAsked(3, JM, 7), Wire.term(golden("term")).apply(3));
        assertEquals(
                new Event.AddressesOffered(
                        3,
                        JM,
                        7,
                        Map.of(
                                "resourcemanager",
                                "pekko.tcp://flink@10.0.0.7:6123/user/rpc/resourcemanager_0",
                                "restserver",
                                "http://10.0.0.7:8081")),
                Wire.publish(golden("publish")).apply(3));
        JsonObject add = golden("checkpoint-add");
        assertEquals(
                new Event.ChangeOffered(3, JM, 7, new Change.AddCheckpoint(JOB, 1, CHECKPOINT)),
                Wire.change(add, Wire.addCheckpoint(add)).apply(3));
        assertEquals(new Change.ReserveIds(128, 64), Wire.reserveIds(golden("checkpoint-ids")));
        Change.RecordResult result = (Change.RecordResult) Wire.recordResult(golden("result"));
        assertEquals("java.lang.RuntimeException: no more restarts", result.result().cause());
    }

    @Test
    void writesAnswers() throws IOException {
        assertBody("gate-wait", new Reply.Wait(new WaitReason.LeaseIsHeld("jm-abc/1f2e")));
        assertBody(
                "gate-wait-ahead",
                new Reply.Wait(
                        new WaitReason.LeaseIsHeld("jm-abc/1f2e"),
                        new Reply.Ahead(
                                "0123456789abcdef0123456789abcdef",
                                new PlanRef(
                                        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                                        48213))));
        assertBody(
                "leader",
                new Reply.LeaderAddresses(
                        Map.of(
                                "dispatcher",
                                "pekko.tcp://flink@10.0.0.7:6123/user/rpc/dispatcher_1",
                                "restserver",
                                "http://10.0.0.7:8081"),
                        UUID.fromString("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee")));
        assertBody(
                "gate-halt",
                new Reply.Halt(75, new Refusal.GateClosed("epoch 6 is over, 7 leads")));
        assertBody(
                "gate-open",
                new Reply.Open(
                        7,
                        UUID.fromString("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"),
                        44210,
                        RESUME,
                        false));
    }

    @Test
    void writesStarts() throws IOException {
        assertEquals(golden("plan-resume"), Wire.start(RESUME));
        assertEquals(
                golden("term-shutdown"),
                Wire.response(new Reply.ShutDown("the Job is suspended")).body());
        assertEquals(
                golden("term-halt"),
                Wire.response(new Reply.Vanish("another process goes on with the job")).body());
        assertEquals(
                golden("plan-fresh"),
                Wire.start(new Start.Fresh("nothing was ever stored for this cluster-id", JOB, 1)));
        assertEquals(
                golden("plan-restore"),
                Wire.start(
                        new Start.Restore(
                                "the stored plan is damaged: 48213 bytes expected, 100 found",
                                JOB,
                                193,
                                List.of("file:/data/checkpoints/old/chk-118"),
                                ClaimMode.NO_CLAIM,
                                false)));
    }

    @Test
    void speaksOfSavepointsAndEarlierRuns() throws IOException {
        assertEquals(
                new Change.RecordSavepoint(
                        new Savepoint(
                                JOB,
                                "file:/data/savepoints/savepoint-012345-3a9b0c1d2e3f",
                                1790000000417L)),
                Wire.recordSavepoint(golden("savepoint")));
        String given = "00000000000000000000000000000001";
        String kept = "00000000000000000000000000000002";
        String path = "file:/data/checkpoints/" + kept + "/chk-40";
        assertEquals(
                golden("leftovers"),
                Wire.response(
                                new Reply.EarlierRuns(
                                        List.of(
                                                new EarlierRun(given, "", SHA, false, false),
                                                new EarlierRun(kept, path, "", false, false))))
                        .body());
        assertEquals(
                new Change.RecordSweep(Set.of(given, kept)), Wire.recordSweep(golden("collected")));
        assertThrows(IllegalArgumentException.class, () -> Wire.recordSweep(golden("savepoint")));
        assertEquals(
                new Event.StartFailed(
                        3,
                        JM,
                        7,
                        "the job could not be initialised from file:/data/checkpoints/old/chk-7: there is no operator count-per-key"),
                Wire.startFailed(golden("start-failed")).apply(3));
    }

    @Test
    void tellsWhetherTheCheckpointsOfAJobGoWithIt() throws IOException {
        assertFalse(result(golden("result")).discarded());
        assertTrue(result(golden("result").put("discards", true)).discarded());
        assertTrue(result(golden("result").put("status", "FINISHED")).discarded());
    }

    private static JobResult result(JsonObject body) {
        return ((Change.RecordResult) Wire.recordResult(body)).result();
    }

    @Test
    void saysWhichFieldIsWrong() {
        assertTrue(message(new JsonObject()).contains("'jm'"));
        assertTrue(message(new JsonObject().put("jm", 5).put("epoch", 1)).contains("'jm'"));
        assertTrue(message(new JsonObject().put("jm", "x").put("epoch", "1")).contains("'epoch'"));
    }

    private static String message(JsonObject body) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> Wire.gate(body)).getMessage());
    }

    private static void assertBody(String golden, Reply reply) throws IOException {
        Wire.Response response = Wire.response(reply);
        assertEquals(200, response.status());
        assertEquals(golden(golden), response.body());
    }
}
