package io.flinkha.agent.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which end is the container's. */
class FinalTest extends SupervisorBench {
    @ParameterizedTest
    @ValueSource(ints = {0, 163})
    void itIsOneWithARecordedResult(int code) {
        write(run("final"), code + "\n");
        assertEquals(code, awaitEnd(supervise("exit " + code)));
        assertEquals(List.of("1 " + code), ends());
        awaitLog("start 1 ended with " + code + " after \\d+ s; that is final, with " + code);
    }

    /** {@code java … | tee log} of a job that failed for good. */
    @Test
    void theRecordedCodeCountsWhereAWrapperHidesIt() {
        write(run("final"), "163\n");
        assertEquals(163, awaitEnd(supervise("exit 0")));
    }

    /** The agent records the result, and may be slower than the process. */
    @ParameterizedTest
    @ValueSource(ints = {0, 163})
    void theVerdictIsWaitedFor(int code) {
        Process supervisor =
                supervise(
                        "set -m; ( until [ -s run/ends ]; do sleep 0.1; done; echo %1$d > run/final ) & exit %1$d"
                                .formatted(code));
        assertEquals(code, awaitEnd(supervisor));
    }

    /** {@code System.exit(0)} in a main(), or a wrapper that swallows codes. */
    @ParameterizedTest
    @ValueSource(ints = {0, 163})
    void withoutAResultItIsStartedAgain(int code) {
        supervise("[ $FLINK_HA_START != 1 ] || exit %d; ".formatted(code) + STAYS);
        awaitStart(2);
        assertEquals(List.of("1 " + code), ends());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 75, 78, 143})
    void noOtherCodeIsFinalWhateverTheAgentSays(int code) {
        write(run("final"), "0\n");
        supervise("[ $FLINK_HA_START != 1 ] || exit %d; ".formatted(code) + STAYS);
        awaitStart(2);
        assertEquals(List.of("1 " + code), ends());
    }

    @Test
    void aPersonsHoldKeepsBackAllStartsButTheFirst() {
        write(run("hold"), "");
        supervise("[ ! -e run/hold ] || echo $FLINK_HA_START >> held; " + STAYS);
        signal("KILL", awaitStart(1));
        awaitLog("start 1 ended with 137 .*; start 2 follows once .*/run/hold is gone");
        assertTrue(run("hold").toFile().delete());
        awaitStart(2);
        assertEquals(List.of("1"), lines(file("held")));
    }

    @Test
    void anotherPodGoesFirst() {
        write(run("yield"), "");
        supervise(STAYS);
        signal("KILL", awaitStart(1));
        awaitLog(
                "start 1 ended with 137 .*; start 2 follows at once, after the pod that stands by");
        signal("KILL", awaitStart(2));
        assertTrue(run("yield").toFile().delete());
        awaitStart(3);
    }

    @Test
    void sigtermEndsAHold() {
        write(run("hold"), "");
        Process supervisor = supervise(STAYS);
        signal("KILL", awaitStart(1));
        awaitLog("start 1 ended .*");
        supervisor.destroy();
        assertEquals(143, awaitEnd(supervisor));
        assertEquals(1, lines(file("started")).size());
    }
}
