package io.flinkha.flink.main;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import org.junit.jupiter.api.Test;

class StandInJobTest {
    /** In a JVM that waits there is no run, and no environment of Flink's yet. */
    @Test
    void isWarmedUpBeforeThereIsARun() {
        assertDoesNotThrow(StandInJob::warmUp);
        assertDoesNotThrow(StandInJob::warmUp);
    }
}
