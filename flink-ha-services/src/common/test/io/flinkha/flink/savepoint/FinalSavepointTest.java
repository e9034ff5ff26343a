package io.flinkha.flink.savepoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.fake.FakeAgent;
import io.flinkha.flink.process.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FinalSavepointTest {
    private static final String CHECKPOINTS = "/v1/jobs/" + TestJm.JOB + "/checkpoints";
    private static final String PATH = "s3://b/savepoint-1";

    @TempDir Path directory;
    private TestJm jm;
    private Run run;

    @BeforeEach
    void start() throws Exception {
        jm = new TestJm(directory);
        run = jm.grant(TestJm.fresh());
        jm.addresses.publish(
                "restserver",
                LeaderInformation.known(UUID.randomUUID(), jm.agent.address().toString()));
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    private static FakeAgent.Answer youngest(String type, String status, String path) {
        return FakeAgent.ok(
                "{\"history\":[{\"checkpoint_type\":\""
                        + type
                        + "\",\"status\":\""
                        + status
                        + "\",\"external_path\":\""
                        + path
                        + "\"},{\"checkpoint_type\":\"CHECKPOINT\",\"status\":\"COMPLETED\"}]}");
    }

    private String seen(Duration stale, Duration patience) {
        return new FinalSavepoint(jm.checkpoints, jm.gate, stale, patience).of(run);
    }

    @Test
    void aJobThatWasStoppedWithOne() {
        jm.agent.on(CHECKPOINTS, call -> youngest("SYNC_SAVEPOINT", "COMPLETED", PATH));
        assertEquals(PATH, seen(Duration.ZERO, Duration.ZERO));
    }

    @Test
    void aJobThatCameToItsEnd() {
        for (FakeAgent.Answer answer :
                new FakeAgent.Answer[] {
                    youngest("CHECKPOINT", "COMPLETED", "file:/chk-7"),
                    youngest("SAVEPOINT", "COMPLETED", PATH),
                    youngest("SYNC_SAVEPOINT", "FAILED", ""),
                    FakeAgent.ok("{\"history\":[]}")
                }) {
            jm.agent.on(CHECKPOINTS, call -> answer);
            assertEquals("", seen(Duration.ZERO, Duration.ZERO));
        }
    }

    /** What the endpoint has in its cache was true before the savepoint. */
    @Test
    void anAnswerThatMayBeOldIsAskedForAgain() {
        jm.agent.onFirst(
                CHECKPOINTS,
                youngest("CHECKPOINT", "COMPLETED", "file:/chk-7"),
                youngest("SYNC_SAVEPOINT", "COMPLETED", PATH));
        assertEquals(PATH, seen(Duration.ofMinutes(1), Duration.ZERO));
    }

    /** In batch mode; the next revision would else wait for a person. */
    @Test
    void aJobWithoutCheckpointsHasNone() {
        jm.agent.on(
                CHECKPOINTS,
                call ->
                        FakeAgent.of(
                                404, "{\"errors\":[\"Checkpointing has not been enabled.\"]}"));
        assertEquals("", seen(Duration.ZERO, Duration.ofMinutes(1)));
    }

    @Test
    void aJobThatIsNotKnownIsNoNo() {
        jm.agent.on(
                CHECKPOINTS,
                call -> FakeAgent.of(404, "{\"errors\":[\"Job could not be found.\"]}"));
        assertEquals(FinalSavepoint.UNKNOWN, seen(Duration.ZERO, Duration.ZERO));
    }

    @Test
    void anEndpointThatDoesNotSayIsNoNo() {
        for (FakeAgent.Answer answer :
                new FakeAgent.Answer[] {
                    FakeAgent.of(503, "{}"),
                    FakeAgent.broken(),
                    youngest("SYNC_SAVEPOINT", "IN_PROGRESS", ""),
                    youngest("SYNC_SAVEPOINT", "COMPLETED", "")
                }) {
            jm.agent.on(CHECKPOINTS, call -> answer);
            assertEquals(FinalSavepoint.UNKNOWN, seen(Duration.ZERO, Duration.ZERO));
        }
    }
}
