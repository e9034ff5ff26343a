package io.flinkha.flink.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.fake.RunDirectoryOnDisk;
import io.flinkha.flink.jvm.Halt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartStepTest {
    private static final String JOB_ID_KEY = "$internal.pipeline.job-id";

    @TempDir Path directory;
    private TestJm jm;
    private RunDirectoryOnDisk files;

    @BeforeEach
    void start() throws Exception {
        jm = new TestJm(directory);
        files = new RunDirectoryOnDisk(directory.resolve("checkpoints"));
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    private static String restore(String... candidates) {
        return "\"kind\":\"RESTORE\",\"reason\":\"test\",\"jobId\":\""
                + TestJm.JOB
                + "\",\"reservedTo\":9,\"claimMode\":\"CLAIM\",\"allowNonRestoredState\":true,"
                + "\"candidates\":[\""
                + String.join("\",\"", candidates)
                + "\"]";
    }

    @Test
    void takesTheFirstCandidateThatOpensAndReportsIt() throws Exception {
        String second = files.checkpoint(2).getExternalPointer();
        jm.grant(restore("file:" + directory + "/gone/chk-3", second));
        assertEquals(second, jm.agent.calls("/v1/restored").get(0).json().path("path").asText());
        assertEquals(second, jm.run().restoredFrom());
        assertEquals(second, jm.configuration.get(StateRecoveryOptions.SAVEPOINT_PATH));
        assertEquals("CLAIM", jm.configuration.get(StateRecoveryOptions.RESTORE_MODE).name());
        assertTrue(jm.configuration.get(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE));
        assertEquals(TestJm.JOB, jm.configuration.getString(JOB_ID_KEY, ""));
    }

    @Test
    void refusesWhenNoneCanBeFoundOrRead() throws Exception {
        String damaged = files.checkpoint(2).getExternalPointer();
        Files.writeString(files.resolve("chk-2/_metadata"), "x");
        String start = restore("file:" + directory + "/gone/chk-3", damaged);
        assertThrows(ExecutionException.class, () -> jm.grant(start));
        assertEquals(List.of(Halt.REFUSED), jm.halt.codes());
        for (String told : List.of("chk-3", damaged, "flink-ha.restore.path", "strategy=none")) {
            assertTrue(jm.halt.reason().contains(told), told);
        }
        assertFalse(jm.halt.reason().contains("allow-older-checkpoint"), "it was allowed");
        assertTrue(jm.agent.calls("/v1/restored").isEmpty());
    }

    @Test
    void doesNotPassOverAStorageThatDoesNotAnswer() throws Exception {
        String older = files.checkpoint(2).getExternalPointer();
        String start = restore("nosuch:/x/chk-3", older);
        assertThrows(ExecutionException.class, () -> jm.grant(start));
        assertEquals(List.of(Halt.FAILED_START), jm.halt.codes());
    }

    @Test
    void aFreshRunGetsTheAgentsJobId() throws Exception {
        jm.configuration.setString(JOB_ID_KEY, "ffffffffffffffffffffffffffffffff");
        jm.grant(TestJm.fresh());
        assertEquals(TestJm.JOB, jm.configuration.getString(JOB_ID_KEY, ""));
        assertTrue(jm.configuration.getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isEmpty());
    }
}
