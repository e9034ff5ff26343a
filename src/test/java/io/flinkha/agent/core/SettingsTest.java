package io.flinkha.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The relations between the numbers. */
class SettingsTest {
    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    @ParameterizedTest(name = "{0}/{1}/{2} ms: {3} wrong")
    @CsvSource({
        "60000, 45000, 10000, 0",
        "15000, 10000, 2000, 0",
        "1000, 800, 600, 0",
        // the Lease API counts whole seconds
        "15500, 10000, 2000, 1",
        "0, 0, 0, 2",
        // clocks may differ by 17 %: 15000 / 1.17 = 12820.5
        "15000, 12820, 2000, 0",
        "15000, 12821, 2000, 1",
        "15000, 15000, 2000, 1",
        // at least one renewal has to fit
        "15000, 10000, 8333, 0",
        "15000, 10000, 8334, 1",
        "15000, 6000, 5000, 0",
        "15000, 10000, 0, 1",
        "15000, 10000, -1, 1",
        "500, 10000, 9000, 3"
    })
    void relationsHold(long lease, long renew, long retry, int wrong) {
        assertEquals(wrong, Settings.violations(ms(lease), ms(renew), ms(retry)).size());
    }

    @ParameterizedTest(name = "hold {0} ms, {1}/{2} ms: {3} wrong")
    @CsvSource({
        "6000, 10000, 2000, 0",
        // two polls of the JobManager have to fit, and whoever takes over waits for it
        "4000, 10000, 2000, 0",
        "3000, 10000, 2000, 1",
        "600000, 10000, 2000, 0",
        "601000, 10000, 2000, 1",
        // the Lease carries whole seconds
        "6500, 10000, 2000, 1",
        // a renewal that is in time comes before the storage is asked
        "6000, 10000, 4166, 0",
        "6000, 10000, 4167, 1",
        "6000, 12000, 5000, 0",
        "500, 10000, 9000, 2"
    })
    void relationsOfTheHoldHold(long hold, long renew, long retry, int wrong) {
        assertEquals(wrong, Settings.violationsOfHold(ms(hold), ms(renew), ms(retry)).size());
    }

    @Test
    void wrongOnesCannotBeMade() {
        IllegalArgumentException wrong =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new Settings(ms(15_000), ms(14_000), ms(13_000), ""));
        String message = String.valueOf(wrong.getMessage());
        assertTrue(message.contains("flink-ha.lease.renew-deadline"), message);
        assertTrue(message.contains("flink-ha.lease.retry-period"), message);
    }

    @Test
    void holdIsCheckedOnlyWhereTheStorageIsAWitness() {
        Settings without = new Settings(ms(15_000), ms(10_000), ms(8_000), "");
        assertEquals(Duration.ZERO, without.hold());
        IllegalArgumentException wrong =
                assertThrows(IllegalArgumentException.class, () -> without.withHold(ms(3_500)));
        String message = String.valueOf(wrong.getMessage());
        assertTrue(message.contains("flink-ha.failsafe.hold"), message);
        assertTrue(message.contains("flink-ha.lease.retry-period"), message);
    }

    /** One that hangs, and one that gets lost, must not close the gate. */
    @Test
    void twoLooksFitIntoAHoldAndOneThatHangsDoes() {
        Settings settings = Bench.SETTINGS.withHold(ms(6_000));
        assertEquals(ms(6_000), settings.hold());
        assertEquals(ms(1_500), settings.lookPeriod());
        assertEquals(ms(3_000), settings.lookTimeout());
        assertEquals(Bench.SETTINGS, settings.withHold(Duration.ZERO), "nothing else changes");
    }

    @ParameterizedTest(name = "renew {0} ms, retry {1} ms: timeout {2} ms, pause {3} ms")
    @CsvSource({"45000, 10000, 10000, 2000", "10000, 2000, 2500, 400", "2, 1, 1, 1"})
    void derivedTimesStayBelowTheDeadline(long renew, long retry, long timeout, long pause) {
        Settings settings = new Settings(Duration.ofSeconds(60), ms(renew), ms(retry), "");
        assertEquals(ms(timeout), settings.callTimeout());
        assertEquals(ms(pause), settings.retryAfterFailure());
    }
}
