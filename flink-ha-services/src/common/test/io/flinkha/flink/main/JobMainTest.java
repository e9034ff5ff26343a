package io.flinkha.flink.main;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.flink.TestJm;
import io.flinkha.flink.config.AgentOptions;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.process.Run;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.client.JobExecutionException;
import org.apache.flink.util.FlinkRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobMainTest {
    private static final String[] ARGS = {"--input", "x"};

    @TempDir Path directory;

    @SuppressWarnings("NullAway.Init") // each test starts its own, with its own job class
    private TestJm jm;

    private Run start(String jobClass, String start) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(AgentOptions.JOB_CLASS, jobClass);
        jm = new TestJm(directory, configuration);
        return jm.grant(start);
    }

    @AfterEach
    void stop() {
        jm.close();
    }

    private static JobID noStandIn(Run run) {
        throw new AssertionError("no stand-in for " + run.jobId());
    }

    @Test
    void runsTheUsersMainWithTheUsersArguments() throws Exception {
        start(Good.class.getName(), TestJm.fresh());
        jm.jobMain().run(ARGS, JobMainTest::noStandIn);
        assertArrayEquals(ARGS, Good.seen);
        assertTrue(jm.halt.codes().isEmpty());
    }

    @Test
    void doesNotEvenLoadTheUsersClassOnResume() throws Exception {
        Run run = start(NeverLoaded.class.getName(), TestJm.resume("count", "00", List.of(), ""));
        run.planRecovered();
        jm.jobMain().run(ARGS, Run::jobId);
        assertFalse(Loaded.it);
        assertTrue(jm.halt.codes().isEmpty());
    }

    @Test
    void aStandInThatWasTakenForAJobRejectsThePlan() throws Exception {
        start(Good.class.getName(), TestJm.resume("count", "00", List.of(), ""));
        assertThrows(Halt.Halted.class, () -> jm.jobMain().run(ARGS, run -> new JobID()));
        assertEquals(1, jm.agent.calls("/v1/plan-rejected").size());
        assertEquals(List.of(Halt.GATE_CLOSED), jm.halt.codes());
    }

    @Test
    void aStandInThatFailsDoesNotReachFlink() throws Exception {
        start(Good.class.getName(), TestJm.resume("count", "00", List.of(), ""));
        assertThrows(
                Halt.Halted.class,
                () ->
                        jm.jobMain()
                                .run(
                                        ARGS,
                                        its -> {
                                            throw new IllegalStateException("no dispatcher");
                                        }));
        assertEquals(List.of(Halt.FAILED_START), jm.halt.codes());
    }

    @Test
    void aThrowingMainIsAFailedStart() throws Exception {
        start(Throwing.class.getName(), TestJm.fresh());
        assertThrows(Halt.Halted.class, () -> jm.jobMain().run(ARGS, JobMainTest::noStandIn));
        assertEquals(List.of(Halt.FAILED_START), jm.halt.codes());
        assertTrue(jm.halt.reason().contains("no catalog"));
        assertTrue(jm.agent.calls("/v1/plan-rejected").isEmpty());
        assertTrue(jm.agent.calls("/v1/result").isEmpty());
    }

    @Test
    void aSecondExecuteIsToldWhatToDo() throws Exception {
        start(Twice.class.getName(), TestJm.fresh());
        assertThrows(Halt.Halted.class, () -> jm.jobMain().run(ARGS, JobMainTest::noStandIn));
        assertTrue(jm.halt.reason().contains("STATEMENT SET"), jm.halt.reason());
    }

    @Test
    void aMainThatThrowsAfterItSubmittedIsRunAgain() throws Exception {
        Run run = start(Throwing.class.getName(), TestJm.fresh());
        run.planSubmitted();
        assertThrows(Halt.Halted.class, () -> jm.jobMain().run(ARGS, JobMainTest::noStandIn));
        assertEquals(1, jm.agent.calls("/v1/plan-rejected").size());
        assertEquals(List.of(Halt.FAILED_START), jm.halt.codes());
    }

    @Test
    void aClassThatIsMissingIsAFailedStart() throws Exception {
        start("no.such.Job", TestJm.fresh());
        assertThrows(Halt.Halted.class, () -> jm.jobMain().run(ARGS, JobMainTest::noStandIn));
        assertEquals(List.of(Halt.FAILED_START), jm.halt.codes());
    }

    @Test
    void aFailureOfTheJobItselfIsLeftToFlinkOnceItIsRecorded() throws Exception {
        Run run = start(JobFails.class.getName(), TestJm.fresh());
        run.planSubmitted();
        assertTrue(run.result().complete(JobStatus.FAILED));
        assertThrows(
                JobExecutionException.class, () -> jm.jobMain().run(ARGS, JobMainTest::noStandIn));
        assertTrue(jm.halt.codes().isEmpty());
    }

    /** Runs through. */
    public static final class Good {
        private static String[] seen = {};

        private Good() {}

        public static void main(String[] args) {
            seen = args;
        }
    }

    /** Fails. */
    @SuppressWarnings("DoNotCallSuggester") // called by name
    public static final class Throwing {
        private Throwing() {}

        public static void main(String[] args) {
            throw new IllegalStateException("no catalog");
        }
    }

    /** Flink refuses its second job. */
    @SuppressWarnings("DoNotCallSuggester") // called by name
    public static final class Twice {
        private Twice() {}

        public static void main(String[] args) {
            throw new FlinkRuntimeException(
                    "Cannot have more than one execute() or executeAsync() call in a single"
                            + " environment.");
        }
    }

    /** What an attached execute() throws. */
    @SuppressWarnings("DoNotCallSuggester") // called by name
    public static final class JobFails {
        private JobFails() {}

        public static void main(String[] args) throws Exception {
            throw new JobExecutionException(TestJm.job(), "Job execution failed.");
        }
    }

    /** Apart, so that asking does not initialise the class in question. */
    private static final class Loaded {
        private static boolean it;

        private Loaded() {}
    }

    /** Leaves a mark when it is initialised. */
    @SuppressWarnings("DoNotCallSuggester") // called by name
    public static final class NeverLoaded {
        static {
            Loaded.it = true;
        }

        private NeverLoaded() {}

        public static void main(String[] args) {
            throw new AssertionError("main() was run");
        }
    }
}
