package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Three pods, one API server, and true time; the port of {@code election-sim.py}'s world to the
 * real core.
 */
final class SimWorld {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;
    static final Duration HORIZON = Duration.ofMinutes(5);
    static final Settings SETTINGS =
            new Settings(
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2),
                    "job-uid-1");

    private static final boolean TRACE = Boolean.getBoolean("trace");

    private record Timer(long at, long order, Runnable task) {}

    final long seed;
    final Random random;
    final boolean calm;
    final Checker checker = new Checker(this);
    final SimApiServer api = new SimApiServer(checker::manifestWritten);
    final List<SimPod> pods = new ArrayList<>();
    final Map<String, String> damagedPlans = new HashMap<>();
    final double loss;
    int revision = 1;

    /** No request reaches the API server before. */
    long outageUntil;

    private final PriorityQueue<Timer> queue =
            new PriorityQueue<>((a, b) ->
                    a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.order, b.order));
    private long now;
    private long order;

    SimWorld(long seed) {
        this.seed = seed;
        random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        calm = seed % 10 == 0;
        loss = calm ? 0 : new double[] {0, 0.05, 0.3}[random.nextInt(3)];
        for (int i = 0; i < 3; i++) {
            double rate =
                    SimClock.MIN_RATE
                            + random.nextDouble() * (SimClock.MAX_RATE - SimClock.MIN_RATE);
            SimClock clock = new SimClock(rate, random.nextInt(1_000) * SECOND);
            pods.add(new SimPod(this, "pod-" + (char) ('a' + i), clock));
        }
    }

    /** Runs to the horizon, or to the first violation. */
    SimWorld run() {
        for (SimPod pod : pods) {
            after(between(0, 3 * SECOND), pod::startAgent);
            after(between(0, 3 * SECOND), pod::startJobManager);
        }
        if (!calm) {
            new Nemesis(this).plan();
        }
        long horizon = HORIZON.toNanos();
        while (!queue.isEmpty() && checker.violation() == null) {
            Timer next = queue.poll();
            if (next.at > horizon) {
                break;
            }
            now = next.at;
            next.task.run();
        }
        return this;
    }

    long now() {
        return now;
    }

    void after(long delay, Runnable task) {
        queue.add(new Timer(now + Math.max(0, delay), order++, task));
    }

    long between(long from, long to) {
        return from + (long) (random.nextDouble() * (to - from));
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** With {@code -Dtrace=true}: what happened, in order. */
    void trace(Supplier<String> line) {
        if (TRACE) {
            System.out.printf("%8.3f %s%n", now / (double) SECOND, line.get());
        }
    }

    boolean apiIsDown() {
        return now < outageUntil;
    }
}
