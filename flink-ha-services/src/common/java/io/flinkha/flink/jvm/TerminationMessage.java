package io.flinkha.flink.jvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;

/**
 * Why this JVM halted, where the kubelet looks for it: it becomes the container's {@code
 * lastState.terminated.message}, which {@code kubectl describe pod} shows.
 */
public final class TerminationMessage {
    static final String VARIABLE = "FLINK_HA_TERMINATION_LOG";

    /** The kubelet reads no more. */
    private static final int LIMIT = 4096;

    private final String file;

    private TerminationMessage(String file) {
        this.file = file;
    }

    public static TerminationMessage of(Map<String, String> environment) {
        return new TerminationMessage(environment.getOrDefault(VARIABLE, "/dev/termination-log"));
    }

    /** Without that file, as on a workstation, nobody asked for it: nothing is created or said. */
    public void write(String why) {
        try {
            Path path = Paths.get(file);
            if (Files.isWritable(path)) {
                Files.write(
                        path,
                        cut(why),
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
            }
        } catch (IOException | RuntimeException ignored) {
            // The log has the same sentence, and the halt must not wait for a better idea.
        }
    }

    private static byte[] cut(String why) {
        byte[] bytes = why.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LIMIT) {
            return bytes;
        }
        int end = LIMIT;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--; // inside a character
        }
        return Arrays.copyOf(bytes, end);
    }
}
