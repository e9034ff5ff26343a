package io.flinkha.agent.adapter.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkus.runtime.ImageMode;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.stream.Stream;

/**
 * Leaves out what a native image has no answer to: it would be 0, or -1, for ever. docs/METRICS.md
 * names them.
 */
@Singleton
final class NativeImageMeters {
    @Produces
    @Singleton
    MeterFilter untold() {
        return MeterFilter.deny(id -> ImageMode.current() == ImageMode.NATIVE_RUN && isUntold(id));
    }

    private static boolean isUntold(Meter.Id id) {
        String name = id.getName();
        return Stream.of("jvm.classes.", "jvm.gc.", "jvm.threads.states", "jvm.memory.max")
                        .anyMatch(name::startsWith)
                || "nonheap".equals(id.getTag("area"));
    }
}
