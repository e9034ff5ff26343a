package io.flinkha.lab.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomBytesTest {
    private static final int BLOCK = 1024 * 1024;

    @Test
    void areTheSameEachTimeAndNeverRepeat() throws IOException {
        RandomBytes bytes = new RandomBytes(3 * BLOCK + 1);
        try (InputStream one = bytes.open();
                InputStream other = bytes.open()) {
            byte[] all = one.readAllBytes();
            assertEquals(bytes.length(), all.length);
            assertArrayEquals(all, other.readAllBytes());
            byte[] second = Arrays.copyOfRange(all, BLOCK, 2 * BLOCK);
            byte[] third = Arrays.copyOfRange(all, 2 * BLOCK, 3 * BLOCK);
            assertFalse(Arrays.equals(second, third));
        }
        assertEquals(bytes.sha256(), RandomBytes.sha256(bytes.open()));
    }
}
