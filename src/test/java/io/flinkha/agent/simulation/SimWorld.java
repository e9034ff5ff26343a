package io.flinkha.agent.simulation;

import io.flinkha.agent.core.Event;
import io.flinkha.agent.core.Settings;
import io.flinkha.agent.core.restart.OnFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Pods with the real core, one API server, one storage, and true time. */
final class SimWorld {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;
    static final Duration HORIZON = Duration.ofMinutes(5);

    private record Timer(long at, long order, Runnable task) {}

    final Schedule schedule;
    final Settings settings;
    final Mutation mutation;
    final Random random;
    final Tally tally = new Tally();
    final Checker checker;
    final SimApiServer api;
    final SimStorage storage;
    final SimStore store = new SimStore();
    final List<SimPod> pods = new ArrayList<>();
    final Map<String, String> damagedPlans = new HashMap<>();
    final Map<Fault, Integer> happened = new EnumMap<>(Fault.class);
    int revision = 1;

    /** Of pods to come. */
    boolean failsafe = true;

    /** UIDs of the Jobs that were told to fail because their budget was used up. */
    final Set<String> gaveUp = new HashSet<>();

    /** True time at which the last pause ends, or has ended. */
    long pausedUntil = -1;

    /** Counts the Kubernetes Jobs, each of which replaced the one before. */
    int job = 1;

    private final @Nullable Consumer<String> story;
    private final Map<Fault, Long> lasting = new EnumMap<>(Fault.class);
    private final PriorityQueue<Timer> queue =
            new PriorityQueue<>((a, b) ->
                    a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.order, b.order));
    private long now;
    private long order;

    SimWorld(Schedule schedule) {
        this(schedule, Mutation.NONE, null);
    }

    /**
     * A world at its beginning.
     *
     * @param story is told what happens, in order; null for nobody
     */
    SimWorld(Schedule schedule, Mutation mutation, @Nullable Consumer<String> story) {
        this.schedule = schedule;
        this.settings = schedule.profile().settings();
        this.mutation = mutation;
        this.story = story;
        random = new Random((schedule.seed() + schedule.salt() * 7_919) * 0x9E3779B97F4A7C15L + 1);
        checker = new Checker(this);
        api = new SimApiServer(checker::manifestWritten);
        storage = new SimStorage(checker::deleted);
        Random rates = new Random(schedule.seed() * 0x9E3779B97F4A7C15L + 5);
        for (int i = 0; i < schedule.profile().pods(); i++) {
            pods.add(new SimPod(this, "pod-" + (char) ('a' + i), clock(rates)));
        }
    }

    SimClock clock(Random rates) {
        long offset = rates.nextInt(1_000) * SECOND;
        return new SimClock(rate(rates), offset);
    }

    double rate(Random rates) {
        Profile profile = schedule.profile();
        if (profile.extremeRates()) {
            return pods.size() % 2 == 0 ? profile.minRate() : profile.maxRate();
        }
        return profile.minRate() + rates.nextDouble() * (profile.maxRate() - profile.minRate());
    }

    Settings settingsOfThisJob() {
        return new Settings(
                settings.leaseDuration(),
                settings.renewDeadline(),
                settings.retryPeriod(),
                failsafe ? settings.hold() : Duration.ZERO,
                "job-uid-" + job,
                settings.restart(),
                settings.restore(),
                settings.watchdog(),
                settings.standby());
    }

    /** A watch tells each pod that waits, late at times, or not at all. */
    private void hint() {
        for (SimPod pod : pods) {
            boolean lost = strikes(Fault.REPLY_LOST, 0.1) || pod.cutOff();
            long delay = between(0, strikes(Fault.SLOW, 0.1) ? 5 * SECOND : 100 * MILLI);
            after(
                    delay,
                    () -> {
                        SimAgent agent = pod.agent;
                        if (agent != null && !lost) {
                            agent.offer(new Event.LeaseHinted());
                        }
                    });
        }
    }

    /** With its node, and nobody makes another one: where no pod is left, nobody can go on. */
    void loseStandby() {
        for (SimPod pod : List.copyOf(pods)) {
            SimJobManager jm = pod.jobManager;
            boolean last = pods.stream().allMatch(other -> other == pod || other.cutOff());
            if (!last && jm != null && !jm.gateOpen()) {
                pods.remove(pod);
                pod.remove();
                api.putPod(pod.name, null);
            }
        }
    }

    boolean parks() {
        return settings.restart().onFailed() == OnFailed.PARK;
    }

    /** Runs to the horizon, or to the first violation. */
    SimWorld run() {
        for (SimPod pod : pods) {
            after(between(0, 3 * SECOND), pod::startAgent);
            after(between(0, 3 * SECOND), pod::startJobManager);
        }
        if (settings.standby()) {
            api.onHolder(this::hint);
        }
        new Nemesis(this).arm();
        if (parks()) {
            new SimJobController(this).sync();
        }
        long horizon = HORIZON.toNanos();
        while (!queue.isEmpty() && checker.violation() == null) {
            Timer next = queue.poll();
            if (next.at > horizon) {
                break;
            }
            now = next.at;
            try {
                next.task.run();
            } catch (RuntimeException e) {
                checker.broken("the code failed: " + e);
            }
        }
        checker.atTheEnd();
        return this;
    }

    long now() {
        return now;
    }

    /** All faults are over: from here on the bound of progress counts. */
    boolean quiet() {
        return now >= Schedule.QUIET_MILLIS * MILLI;
    }

    void after(long delay, Runnable task) {
        queue.add(new Timer(now + Math.max(0, delay), order++, task));
    }

    long between(long from, long to) {
        return from + (long) (random.nextDouble() * (to - from));
    }

    /** Between one and {@code most} seconds, but no longer than faults last at all. */
    long duration(Random draw, int most) {
        long drawn = (long) ((1 + draw.nextDouble() * (most - 1)) * SECOND);
        return Math.min(drawn, Schedule.QUIET_MILLIS * MILLI - now);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Whether an ambient fault is due now. */
    boolean due(Fault fault, double probability) {
        return !quiet() && schedule.ambient().contains(fault) && chance(probability);
    }

    /** Whether an ambient fault strikes now; it is counted. */
    boolean strikes(Fault fault, double probability) {
        boolean strikes = due(fault, probability);
        if (strikes) {
            count(fault);
        }
        return strikes;
    }

    void count(Fault fault) {
        happened.merge(fault, 1, Integer::sum);
    }

    /** Begins a fault that lasts, at most until all faults are over. */
    void begin(Fault fault, long duration) {
        lasting.merge(fault, now + duration, Long::max);
    }

    boolean under(Fault fault) {
        return !quiet() && now < lasting.getOrDefault(fault, 0L);
    }

    /** What happened, for a reader. */
    void trace(Supplier<String> line) {
        Consumer<String> listener = story;
        if (listener != null) {
            listener.accept("%8.3f %s".formatted(now / (double) SECOND, line.get()));
        }
    }
}
