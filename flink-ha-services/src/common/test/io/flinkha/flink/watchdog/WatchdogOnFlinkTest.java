package io.flinkha.flink.watchdog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestFlink;
import io.flinkha.flink.TestJm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What this line of Flink answers, and what it does not once a main thread is blocked. */
class WatchdogOnFlinkTest {
    @TempDir Path directory;

    private TestJm jm(TestFlink flink) throws Exception {
        TestJm jm = new TestJm(directory);
        var unused = jm.grant(TestJm.fresh());
        publish(jm, "restserver", flink.restAddress());
        publish(jm, "job-" + TestJm.JOB, "as Flink does with its JobMaster");
        return jm;
    }

    private static void publish(TestJm jm, String component, String address) {
        jm.addresses.publish(component, LeaderInformation.known(UUID.randomUUID(), address));
    }

    private static CompletableFuture<?> lookLater(TestJm jm) {
        jm.nanos.addAndGet(MainThreads.INTERVAL_NANOS);
        return jm.watchdog.look();
    }

    /** Of a job that does not, nothing is known of its progress. */
    private static void lookUntilItRuns(TestJm jm) {
        while (jm.watchdog.watched().progressMillis().isEmpty()) {
            var unused = lookLater(jm).join();
        }
    }

    private static void checkpointed(StreamExecutionEnvironment job) {
        job.enableCheckpointing(7_000);
        job.getCheckpointConfig().setCheckpointTimeout(120_000);
        job.getCheckpointConfig().setTolerableCheckpointFailureNumber(3);
    }

    /** An answer of a cache would be one, too: so none is in between. */
    @Test
    void aBlockedMainThreadDoesNotAnswer() throws Exception {
        try (TestFlink flink =
                        TestFlink.start(new Configuration(), WatchdogOnFlinkTest::checkpointed);
                TestJm jm = jm(flink)) {
            lookUntilItRuns(jm);
            assertEquals(5 * 120_000, jm.watchdog.watched().progressMillis().orElseThrow());
            flink.blockMainThread();
            long looks = MainThreads.PATIENCE_NANOS / MainThreads.INTERVAL_NANOS;
            CompletableFuture<?> open = lookLater(jm);
            for (long i = 0; i < looks; i++) {
                var later = lookLater(jm);
                assertFalse(later.isDone());
            }
            assertTrue(jm.watchdog.watched().hung().isPresent());
            assertFalse(open.isDone());
            flink.unblockMainThread();
            var unused = lookLater(jm).join();
            assertFalse(jm.watchdog.watched().hung().isPresent());
        }
    }

    /** Then the endpoint answers in its place, with an error. */
    @Test
    void norDoesAnEndpointThatHasWaitedForIt() throws Exception {
        Configuration impatient = new Configuration();
        impatient.set(WebOptions.TIMEOUT, Duration.ofMillis(200));
        try (TestFlink flink = TestFlink.start(impatient, TestFlink.NO_CHECKPOINTS);
                TestJm jm = jm(flink)) {
            lookUntilItRuns(jm);
            assertEquals(0, jm.watchdog.watched().progressMillis().orElseThrow());
            flink.blockMainThread();
            for (long i = 0; i <= MainThreads.PATIENCE_NANOS / MainThreads.INTERVAL_NANOS; i++) {
                assertEquals(false, lookLater(jm).join());
            }
            assertTrue(jm.watchdog.watched().hung().isPresent());
        }
    }
}
