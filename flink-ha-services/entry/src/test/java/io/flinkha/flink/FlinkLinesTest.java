package io.flinkha.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.apache.flink.util.FlinkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlinkLinesTest {
    private static final int JAVA_8 = 52;

    @ParameterizedTest
    @CsvSource({
        "1.20.5, v1_20",
        "2.0.2, v2_0",
        "2.1.3, v2_0",
        "2.2.1, v2_0",
        "2.3.0, v2_3",
        "2.3-SNAPSHOT, v2_3"
    })
    void flinkItselfSaysWhichLineItIs(String flink, String line) throws Exception {
        assertEquals("io.flinkha.flink." + line, FlinkLines.packageOf(flink, "17"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.19.3", "2.4.0", "2.30.0", "3", "<unknown>"})
    void anotherLineIsRefusedByName(String flink) {
        Exception refusal =
                assertThrows(FlinkException.class, () -> FlinkLines.packageOf(flink, "17"));
        String sentence = String.valueOf(refusal.getMessage());
        assertTrue(sentence.contains("1.20, 2.0, 2.1, 2.2, 2.3"), sentence);
        assertTrue(sentence.contains(flink), sentence);
    }

    @Test
    void java8IsRefusedByName() {
        Exception refusal =
                assertThrows(FlinkException.class, () -> FlinkLines.packageOf("1.20.5", "1.8"));
        assertTrue(String.valueOf(refusal.getMessage()).contains("Java 1.8"));
    }

    /** Else that refusal could not be said there. */
    @ParameterizedTest
    @ValueSource(
            classes = {
                AgentHaServicesFactory.class,
                JobLauncher.class,
                FlinkLine.class,
                FlinkLines.class
            })
    void java8CanLoad(Class<?> type) throws IOException {
        String name = "/" + type.getName().replace('.', '/') + ".class";
        try (InputStream in = Objects.requireNonNull(type.getResourceAsStream(name));
                DataInputStream header = new DataInputStream(in)) {
            header.skipBytes(6);
            assertEquals(JAVA_8, header.readUnsignedShort());
        }
    }
}
