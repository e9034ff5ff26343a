package io.flinkha.lab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FlinkLogTest {
    private static final FlinkLog LOG =
            FlinkLog.parse(
                    """
                    1790000000100 18:00:00.100 INFO  E Starting StandaloneApplicationClusterEntryPoint
                    1790000000200 18:00:00.200 WARN  Other Something
                    java.lang.Exception: was granted leadership with
                    1790000000300 18:00:00.300 INFO  G a (1/2) switched from INITIALIZING to RUNNING.
                    1790000000400 18:00:00.400 INFO  G a (2/2) switched from INITIALIZING to RUNNING.
                    17900000005\
                    """);

    @Test
    void findsTheFirstAndTheLastLineOfAPhase() {
        assertEquals(
                OptionalLong.of(1790000000300L), LOG.firstAfter(0, StartPhase.RUNNING.pattern()));
        assertEquals(
                OptionalLong.of(1790000000400L), LOG.lastAfter(0, StartPhase.RUNNING.pattern()));
    }

    @Test
    void leavesOutWhatIsEarlier() {
        assertEquals(
                List.of(1790000000400L), LOG.times(1790000000301L, StartPhase.RUNNING.pattern()));
        assertEquals(
                OptionalLong.empty(),
                LOG.firstAfter(1790000000101L, StartPhase.ENTRY_POINT.pattern()));
    }

    @Test
    void theLongestGapIsBetweenNeighbours() {
        assertEquals(100, LOG.longestGapMillis(0, StartPhase.RUNNING.pattern()));
        assertEquals(0, LOG.longestGapMillis(1790000000400L, StartPhase.RUNNING.pattern()));
    }

    @Test
    void stackTracesAndCutLinesAreNoEvents() {
        assertEquals(OptionalLong.empty(), LOG.firstAfter(0, StartPhase.LEADERSHIP.pattern()));
        assertEquals(OptionalLong.of(1790000000100L), LOG.begin());
    }
}
