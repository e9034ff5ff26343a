package io.flinkha.lab.measure;

import java.time.Duration;

/** How much of a core a process took. */
public final class ProcessTime {
    private final ProcessHandle process;
    private final Duration before;
    private final long start = System.nanoTime();

    private ProcessTime(long pid) {
        process = ProcessHandle.of(pid).orElseThrow();
        before = process.info().totalCpuDuration().orElseThrow();
    }

    public static ProcessTime from(long pid) {
        return new ProcessTime(pid);
    }

    /** Thousandths of a core since then; the kernel counts in steps of 10 ms. */
    public double millicores() {
        Duration used = process.info().totalCpuDuration().orElseThrow().minus(before);
        return Math.round(used.toNanos() * 10_000.0 / (System.nanoTime() - start)) / 10.0;
    }
}
