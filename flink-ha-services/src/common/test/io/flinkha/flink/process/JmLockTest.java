package io.flinkha.flink.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.util.FlinkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JmLockTest {
    @TempDir Path directory;

    @Test
    void oneProcessHoldsTheLock() throws Exception {
        try (JmLock lock = JmLock.take(directory, Duration.ZERO)) {
            assertThrows(FlinkException.class, () -> JmLock.take(directory, Duration.ofMillis(1)));
            assertEquals(36, lock.jm().length());
        }
        try (JmLock next = JmLock.take(directory, Duration.ZERO)) {
            assertEquals(next.jm(), Files.readString(directory.resolve("jm.lock")));
        }
    }
}
