package io.flinkha.flink.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.FlinkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JmLockTest {
    @TempDir Path directory;

    private JmLock take(Duration patience, Map<String, String> environment) throws FlinkException {
        return JmLock.take(directory, patience, environment);
    }

    private String content() throws IOException {
        return Files.readString(directory.resolve("jm.lock"));
    }

    @Test
    void oneProcessHoldsTheLock() throws Exception {
        try (JmLock lock = take(Duration.ZERO, Map.of())) {
            assertThrows(FlinkException.class, () -> take(Duration.ofMillis(1), Map.of()));
            assertEquals(36, lock.jm().length());
        }
        try (JmLock next = take(Duration.ZERO, Map.of())) {
            assertEquals(next.jm(), content());
        }
    }

    @Test
    void namesTheStartThatASupervisorMade() throws Exception {
        try (JmLock lock = take(Duration.ZERO, Map.of("FLINK_HA_START", "104"))) {
            assertEquals(lock.jm() + "\n104\n", content());
        }
        try (JmLock next = take(Duration.ZERO, Map.of("FLINK_HA_START", "7"))) {
            assertEquals(next.jm() + "\n7\n", content(), "nothing of the one before is left");
        }
    }

    @Test
    void aStartThatIsNoNumberIsNotNamed() throws Exception {
        for (String start : List.of("", "-1", "7a", "0x7", "1 2", "9".repeat(19))) {
            try (JmLock lock = take(Duration.ZERO, Map.of("FLINK_HA_START", start))) {
                assertEquals(lock.jm(), content(), start);
            }
        }
    }
}
