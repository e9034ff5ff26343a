package io.flinkha.agent.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end that is asked for from outside. */
class SignalsTest extends SupervisorBench {
    /** Until a signal comes, however often. */
    private static final String WAITS = "while :; do sleep 1000 & wait $!; done";

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void aSigtermIsPassedOnAndTheCodeIsTheCommands(String signal) {
        Process supervisor = supervise("trap 'exit 9' TERM; " + STARTED + WAITS);
        awaitStart(1);
        signal(signal, supervisor.pid());
        assertEquals(9, awaitEnd(supervisor));
        awaitLog("asked to end by SIG" + signal);
        assertEquals(List.of("1 9"), ends());
    }

    /** A wrapper may swallow the JobManager's 143, and the Job would be Complete. */
    @ParameterizedTest
    @ValueSource(ints = {0, 163})
    void withoutAResultNoEndAfterSigtermIsThatOfTheJob(int code) {
        Process supervisor = supervise("trap 'exit %d' TERM; ".formatted(code) + STARTED + WAITS);
        awaitStart(1);
        supervisor.destroy();
        assertEquals(143, awaitEnd(supervisor));
        assertEquals(List.of("1 " + code), ends());
        assertTrue(
                hasLogged("start 1 ended with " + code + " after \\d+ s; that is final, with 143"));
    }

    /** The signal comes while the result is waited for. */
    @Test
    void anEndBeforeSigtermIsNotThatOfTheJobEither() {
        Process supervisor = supervise("exit 0");
        await("the end", () -> !ends().isEmpty());
        supervisor.destroy();
        assertEquals(143, awaitEnd(supervisor));
        assertEquals(List.of("1 0"), ends());
    }

    /** A job that failed for good, behind {@code || true}. */
    @Test
    void theRecordedCodeCountsAfterSigtermToo() {
        write(run("final"), "163\n");
        Process supervisor = supervise("trap 'exit 0' TERM; " + STARTED + WAITS);
        awaitStart(1);
        supervisor.destroy();
        assertEquals(163, awaitEnd(supervisor));
    }

    @Test
    void aResultIsWaitedForAfterSigtermToo() {
        Process supervisor =
                supervise(
                        "end() { set -m; (trap '' TERM; until [ -s run/ends ]; do sleep 0.1; done;"
                                + " echo 0 > run/final) & exit 0; }; trap end TERM; "
                                + STARTED
                                + WAITS);
        awaitStart(1);
        supervisor.destroy();
        assertEquals(0, awaitEnd(supervisor));
    }

    /** A planned move of a job that has just ended: nobody hides anything. */
    @Test
    void anyOtherCodeAfterSigtermIsItsOwnWhateverTheAgentSays() {
        write(run("final"), "0\n");
        Process supervisor = supervise("trap 'exit 143' TERM; " + STARTED + WAITS);
        awaitStart(1);
        supervisor.destroy();
        assertEquals(143, awaitEnd(supervisor));
    }

    @Test
    void eachSigtermIsPassedOn() {
        Process supervisor =
                supervise(
                        "trap 'echo >> asked; [ $(wc -l < asked) = 1 ] || exit 5' TERM; "
                                + STARTED
                                + WAITS);
        awaitStart(1);
        supervisor.destroy();
        await("the first", () -> lines(file("asked")).size() == 1);
        signal("TERM", supervisor.pid());
        assertEquals(5, awaitEnd(supervisor));
    }

    /** A shell does not pass a signal on, and ends before the JobManager behind it. */
    @Test
    void behindAShellAndATeeTheJobManagerEndsInItsOwnTime() {
        write(
                file("jm"),
                "trap 'until [ -e goes-on ]; do sleep 0.1; done; echo ended >> jm-ended; exit 9' TERM; "
                        + STARTED
                        + WAITS
                        + "\n");
        Process supervisor = supervise("bash jm | tee -a out");
        awaitStart(1);
        supervisor.destroy();
        awaitLog("asked to end by SIGTERM");
        write(file("goes-on"), "");
        assertEquals(143, awaitEnd(supervisor));
        assertEquals(List.of("ended"), lines(file("jm-ended")));
    }

    /** What a shell makes of it is the command's code. */
    @Test
    void theCodeBehindAShellIsWhatTheShellSays() {
        write(file("jm"), "trap 'exit 9' TERM; " + STARTED + WAITS + "\n");
        Process supervisor =
                supervise("trap : TERM; set -o pipefail; bash jm | (trap '' TERM; cat)");
        awaitStart(1);
        supervisor.destroy();
        assertEquals(9, awaitEnd(supervisor));
    }

    @Test
    void whoeverStopsTheCommandDoesNotEndIt() {
        Process supervisor = supervise(STAYS);
        long command = awaitStart(1);
        signal("STOP", command);
        signal("CONT", command);
        supervisor.destroy();
        assertEquals(143, awaitEnd(supervisor));
        assertEquals(List.of("1 143"), ends());
    }
}
