package io.flinkha.demo;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Emits {@code id key count}, where count is the number of records that this key has seen. A lost
 * or repeated piece of state shows as a gap or a repetition in a key's counts, even where every id
 * is there once.
 */
final class CountPerKey extends KeyedProcessFunction<Integer, Long, String> {
    private static final long serialVersionUID = 1L;
    private static final long PULSE_MILLIS = 10;

    private final String pulseDirectory;
    private final String failFile;
    private final String stallFile;
    private transient @Nullable ValueState<Long> count;
    private transient @Nullable BufferedWriter pulse;
    private transient long lastPulse;

    CountPerKey(String pulseDirectory, String failFile, String stallFile) {
        this.pulseDirectory = pulseDirectory;
        this.failFile = failFile;
        this.stallFile = stallFile;
    }

    @Override
    public void open(OpenContext context) throws IOException {
        count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
        Path directory = Path.of(pulseDirectory);
        Files.createDirectories(directory);
        // A file of its own for each attempt: nothing of an earlier one can be overwritten.
        String name =
                getRuntimeContext().getTaskInfo().getIndexOfThisSubtask()
                        + "-"
                        + UUID.randomUUID()
                        + ".pulse";
        pulse = Files.newBufferedWriter(directory.resolve(name), StandardCharsets.US_ASCII);
    }

    @Override
    public void processElement(Long id, Context context, Collector<String> out) throws Exception {
        ValueState<Long> state = count;
        if (state == null) {
            throw new IllegalStateException("not open");
        }
        Long before = state.value();
        long now = (before == null ? 0 : before) + 1;
        state.update(now);
        out.collect(id + " " + context.getCurrentKey() + " " + now);
        beat();
    }

    private void beat() throws IOException, InterruptedException {
        long now = System.currentTimeMillis();
        BufferedWriter writer = pulse;
        if (writer != null && now - lastPulse >= PULSE_MILLIS) {
            lastPulse = now;
            writer.write(now + "\n");
            // The process may be killed at any moment: what was processed must be seen.
            writer.flush();
            while (Files.exists(Path.of(stallFile))) {
                TimeUnit.MILLISECONDS.sleep(PULSE_MILLIS);
            }
            if (Files.deleteIfExists(Path.of(failFile))) {
                throw new IllegalStateException("told to fail by " + failFile);
            }
        }
    }

    @Override
    public void close() throws Exception {
        BufferedWriter writer = pulse;
        if (writer != null) {
            writer.close();
        }
    }
}
