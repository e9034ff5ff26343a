package io.flinkha.lab.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flinkha.lab.base.Await;
import io.flinkha.lab.process.ChildSpec.Restart;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SupervisorTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir private Path directory;
    private final Supervisor supervisor = new Supervisor();

    @AfterEach
    void close() {
        supervisor.close();
    }

    @Test
    void aKilledJobManagerIsStartedAgain() {
        Child child = start("exec sleep 60", Restart.UNLESS_JOB_IS_OVER);
        long first = child.current().pid();
        child.kill();
        Await.until("a second start", LIMIT, () -> child.starts() == 2);
        assertFalse(ProcessHandle.of(first).map(ProcessHandle::isAlive).orElse(false));
        assertEquals(List.of(137), child.exitCodes());
        assertEquals(OptionalInt.empty(), child.over());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 163})
    void aJobManagerWhoseJobIsOverStaysDown(int exitCode) {
        Child child = start("exit " + exitCode, Restart.UNLESS_JOB_IS_OVER);
        Await.until("the end", LIMIT, () -> child.over().isPresent());
        assertEquals(OptionalInt.of(exitCode), child.over());
        assertEquals(1, child.starts());
    }

    @Test
    void aStoppedChildIsNotStartedAgain() {
        Child child = start("exec sleep 60", Restart.ALWAYS);
        child.stop(LIMIT);
        Await.until("the end", LIMIT, () -> child.over().isPresent());
        assertEquals(1, child.starts());
    }

    @Test
    void nothingOutlivesTheSupervisor() {
        Child child = start("exec sleep 60", Restart.ALWAYS);
        long pid = child.current().pid();
        supervisor.close();
        Await.until(
                "its death",
                LIMIT,
                () -> !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        assertEquals(1, child.starts());
    }

    @Test
    void aPausedChildGoesOnWhenItIsResumed() {
        Child child = start("exec sleep 60", Restart.NEVER);
        child.pause();
        child.resume();
        assertTrue(child.current().isAlive());
    }

    private Child start(String script, Restart restart) {
        return supervisor.start(
                new ChildSpec(
                        "child",
                        List.of("sh", "-c", script),
                        Map.of(),
                        directory,
                        directory,
                        restart));
    }
}
