package io.flinkha.demo;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Keeps, for each key, how many ids it has seen and the sum of what they hash to, which is the same
 * in whatever order they came; the sum is wide, so that the state is big. At the end of the input
 * it emits {@code key count hash}.
 */
final class DigestPerKey extends KeyedProcessFunction<Integer, Long, String> {
    private static final long serialVersionUID = 1L;

    /** Longs a key; some hundred bytes. */
    private static final int WIDTH = 64;

    private static final long LOOK_FOR_FILES_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final String directory;
    private final long pauseMicros;
    private transient @Nullable ValueState<Long> count;
    private transient @Nullable ValueState<byte[]> sum;
    private transient long nextLook;
    private transient boolean draining;

    DigestPerKey(String directory, long pauseMicros) {
        this.directory = directory;
        this.pauseMicros = pauseMicros;
    }

    @Override
    public void open(OpenContext context) {
        count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
        sum =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "sum",
                                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        nextLook = System.nanoTime();
    }

    private static <T> ValueState<T> opened(@Nullable ValueState<T> state) {
        if (state == null) {
            throw new IllegalStateException("not open");
        }
        return state;
    }

    @Override
    public void processElement(Long id, Context context, Collector<String> out) throws Exception {
        lookForFiles();
        if (!draining && pauseMicros > 0) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(pauseMicros));
        }
        Long before = opened(count).value();
        opened(count).update((before == null ? 0 : before) + 1);
        opened(sum).update(added(opened(sum).value(), id));
        context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
    }

    private static byte[] added(byte @Nullable [] before, long id) {
        byte[] after = new byte[WIDTH * Long.BYTES];
        ByteBuffer from = ByteBuffer.wrap(before == null ? after.clone() : before);
        ByteBuffer to = ByteBuffer.wrap(after);
        SplittableRandom hashes = new SplittableRandom(id);
        for (int i = 0; i < WIDTH; i++) {
            to.putLong(from.getLong() + hashes.nextLong());
        }
        return after;
    }

    private void lookForFiles() throws Exception {
        long now = System.nanoTime();
        if (now - nextLook < 0) {
            return;
        }
        nextLook = now + LOOK_FOR_FILES_NANOS;
        draining = Files.exists(Path.of(directory, "drain"));
        if (Files.deleteIfExists(Path.of(directory, "fail"))) {
            throw new IllegalStateException("told to fail by the file in " + directory);
        }
    }

    /** The one watermark comes when all input was read. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<String> out)
            throws Exception {
        byte[] all = opened(sum).value();
        out.collect(
                context.getCurrentKey()
                        + " "
                        + opened(count).value()
                        + " "
                        + Integer.toHexString(Arrays.hashCode(all)));
    }
}
