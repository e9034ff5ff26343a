package io.flinkha.lab.experiment.storage;

import io.flinkha.lab.base.Console;
import io.flinkha.lab.local.ObjectStorage;
import io.flinkha.lab.local.Workbench;
import io.flinkha.lab.measure.ProcessMemory;
import io.flinkha.lab.measure.RandomBytes;
import io.flinkha.lab.report.Report;
import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Plans of three lengths through an agent each: what memory it takes, and how fast it is. */
final class PlanMemory {
    private static final long MIB = 1024 * 1024;
    private static final List<Integer> LENGTHS = List.of(1, 50, 500);

    /** A part is in memory a few times at once: in a buffer, in OpenDAL, in a socket. */
    private static final long MOST_GROWTH = 32;

    /**
     * Java takes its heap before it collects garbage, however short what it is asked for: with the
     * whole of it taken at the start, what grows is what has no limit of its own.
     */
    private static final String WHOLE_HEAP = "-Xms96m -XX:+AlwaysPreTouch";

    private final Workbench bench;
    private final Report report;

    PlanMemory(Workbench bench, Report report) {
        this.bench = bench;
        this.report = report;
    }

    /**
     * @param store null for a directory
     */
    void rows(String place, @Nullable ObjectStorage store) {
        long least = Long.MAX_VALUE;
        for (int mib : LENGTHS) {
            Console.event("=== a plan of %d MiB, %s".formatted(mib, place));
            Row row = report.row("%d MiB, %s".formatted(mib, place));
            try (LeadingAgent agent =
                    LeadingAgent.start(bench, "%s-%d".formatted(place, mib), WHOLE_HEAP, store)) {
                RandomBytes plan = new RandomBytes(mib * MIB);
                long peak = transfer(row, agent, plan);
                compare(row, agent, plan, store);
                least = Math.min(least, peak);
                row.claim(
                        "at most %d MiB more than for a shorter plan".formatted(MOST_GROWTH),
                        peak <= least + MOST_GROWTH);
            }
        }
    }

    /** Answers the peak of the agent's memory. */
    private static long transfer(Row row, LeadingAgent agent, RandomBytes plan) {
        String sent = plan.sha256();
        ProcessMemory before = agent.memory();
        ProcessMemory.forgetPeak(agent.pid());
        long start = System.nanoTime();
        String stored = agent.jobManager().put(plan);
        long up = System.nanoTime();
        String returned = agent.jobManager().get();
        long down = System.nanoTime();
        ProcessMemory after = agent.memory();
        row.figure("rssMiB", before.all())
                .figure("peakMiB", after.peak())
                .figure("afterMiB", after.all())
                .figure("anonMiB", before.anonymous())
                .figure("anonAfterMiB", after.anonymous())
                .figure("upMiBs", rate(plan, up - start))
                .figure("downMiBs", rate(plan, down - up))
                .claim("what the agent stored has the digest of what was sent", stored.equals(sent))
                .claim("what comes back has the digest of what was sent", returned.equals(sent));
        return after.peak();
    }

    private void compare(
            Row row, LeadingAgent agent, RandomBytes plan, @Nullable ObjectStorage store) {
        Path file = bench.directory().resolve("plan");
        try (InputStream in = plan.open()) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            PlainCopy copy =
                    store == null
                            ? PlainCopy.inDirectory(file, agent.storage())
                            : PlainCopy.inBucket(bench.project(), store, file);
            Files.delete(file);
            row.figure("plainUpMiBs", rate(plan, copy.upNanos()))
                    .figure("plainDownMiBs", rate(plan, copy.downNanos()))
                    .figure("plainBy", copy.means());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String rate(RandomBytes plan, long nanos) {
        return String.format(Locale.ROOT, "%.1f", plan.length() / (double) MIB / nanos * 1e9);
    }
}
