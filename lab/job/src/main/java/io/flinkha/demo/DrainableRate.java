package io.flinkha.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;

/**
 * A rate that ends when a file appears: so the laboratory, not the clock, decides when the bounded
 * job may run to its end.
 */
final class DrainableRate<SplitT extends SourceSplit> implements RateLimiterStrategy<SplitT> {
    private static final long serialVersionUID = 1L;

    private final double recordsPerSecond;
    private final String drainFile;

    DrainableRate(double recordsPerSecond, String drainFile) {
        this.recordsPerSecond = recordsPerSecond;
        this.drainFile = drainFile;
    }

    @Override
    public RateLimiter<SplitT> createRateLimiter(int parallelism) {
        return new Limiter<>((long) (1e9 * parallelism / recordsPerSecond), Path.of(drainFile));
    }

    private static final class Limiter<SplitT extends SourceSplit> implements RateLimiter<SplitT> {
        private static final long LOOK_FOR_FILE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

        private final long nanosPerRecord;
        private final Path drainFile;
        private long nextRecord = System.nanoTime();
        private long nextLook = nextRecord;
        private boolean draining;

        Limiter(long nanosPerRecord, Path drainFile) {
            this.nanosPerRecord = nanosPerRecord;
            this.drainFile = drainFile;
        }

        /** What Flink 1.20 calls. */
        @Override
        public CompletionStage<Void> acquire() {
            return acquire(1);
        }

        @Override
        public CompletionStage<Void> acquire(int records) {
            long now = System.nanoTime();
            if (!draining && now - nextLook >= 0) {
                nextLook = now + LOOK_FOR_FILE_NANOS;
                draining = Files.exists(drainFile);
            }
            // What was not used while the task stood still is not made up for: the rate is a limit.
            nextRecord = Math.max(nextRecord + records * nanosPerRecord, now - nanosPerRecord);
            long wait = nextRecord - now;
            if (draining || wait <= 0) {
                return CompletableFuture.completedFuture(null);
            }
            return CompletableFuture.runAsync(
                    () -> {}, CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS));
        }
    }
}
