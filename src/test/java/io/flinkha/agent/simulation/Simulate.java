package io.flinkha.agent.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code make simulate RUNS=… BASE=…}, {@code make simulate SEED=…}, {@code make simulate
 * SCHEDULE=file}: many worlds and a table, or one world and its story.
 */
final class Simulate {
    /** What so many worlds came to. */
    private static final class Totals {
        final List<SimWorld> broken = new ArrayList<>();
        final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
        final Tally tally = new Tally();
        long worlds;
        long longestProgress;
        long longestProgressSeed;

        /** Called from one thread. */
        void add(SimWorld world) {
            Checker checker = world.checker;
            worlds++;
            tally.add(world.tally);
            world.happened.forEach((fault, count) -> faults.merge(fault, (long) count, Long::sum));
            if (checker.progress > longestProgress) {
                longestProgress = checker.progress;
                longestProgressSeed = world.schedule.seed();
            }
            if (checker.violation() != null) {
                broken.add(world);
            }
        }
    }

    private Simulate() {}

    public static void main(String[] args) throws IOException {
        String seed = System.getProperty("seed", "");
        String schedule = System.getProperty("schedule", "");
        String name = System.getProperty("profile", "");
        Profile profile = name.isEmpty() ? Profile.ORDINARY : Profile.named(name);
        boolean held;
        if (!schedule.isEmpty()) {
            held = replay(Schedule.parse(Files.readAllLines(Path.of(schedule))));
        } else if (!seed.isEmpty()) {
            held = replay(Schedule.draw(profile, Long.parseLong(seed)));
        } else {
            String base = System.getProperty("base", "");
            held =
                    many(
                            profile,
                            Integer.getInteger("runs", 1_000),
                            base.isEmpty()
                                    ? new Random().nextLong(1_000_000_000L)
                                    : Long.parseLong(base));
        }
        System.exit(held ? 0 : 1);
    }

    private static boolean replay(Schedule schedule) {
        System.out.print(schedule.text());
        SimWorld world = new SimWorld(schedule, Mutation.NONE, System.out::println).run();
        @Nullable String violation = world.checker.violation();
        System.out.println(violation == null ? "No promise was broken." : violation);
        return violation == null;
    }

    private static boolean many(Profile profile, int runs, long base) throws IOException {
        System.out.printf("%d worlds from seed %d on%n", runs, base);
        Totals totals = new Totals();
        long started = System.nanoTime();
        int block = 500;
        for (long from = 0; from < runs; from += block) {
            LongStream.range(base + from, base + Math.min(runs, from + block))
                    .parallel()
                    .mapToObj(seed -> new SimWorld(Schedule.draw(profile, seed)).run())
                    .toList()
                    .forEach(totals::add);
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        List<Report.Row> rows = rows(profile, totals, runs, base, seconds);
        rows.forEach(row -> System.out.println(row.line()));
        Report.write(Path.of("target/reports/simulate.json"), rows);
        for (SimWorld world : totals.broken.stream().limit(3).toList()) {
            System.out.println("BROKEN: " + world.checker.violation());
        }
        if (!totals.broken.isEmpty()) {
            shrink(totals.broken.getFirst());
        }
        return rows.stream().allMatch(Report.Row::held);
    }

    private static List<Report.Row> rows(
            Profile profile, Totals totals, int runs, long base, double seconds) {
        List<Report.Row> rows = new ArrayList<>();
        rows.add(
                new Report.Row("worlds", totals.broken.isEmpty() && totals.worlds == runs)
                        .with("runs_count", totals.worlds)
                        .with("base_seed", base)
                        .with("violations_count", totals.broken.size())
                        .with("speed_per_s", Math.round(runs / seconds))
                        .with("simulated_s_each", SimWorld.HORIZON.toSeconds()));
        rows.add(
                new Report.Row("gates", totals.tally.opens > 0)
                        .with("openings_count", totals.tally.opens)
                        .with("fresh_count", totals.tally.fresh)
                        .with("resume_count", totals.tally.resumed)
                        .with("restore_count", totals.tally.restored)
                        .with("checkpoints_acknowledged_count", totals.tally.acknowledgements)
                        .with("results_acknowledged_count", totals.tally.results)
                        .with("hand_overs_count", totals.tally.handOvers));
        rows.add(
                new Report.Row("progress", totals.longestProgress <= Checker.BOUND)
                        .with("longest_ms", totals.longestProgress / SimWorld.MILLI)
                        .with("longest_seed", totals.longestProgressSeed)
                        .with("bound_ms", Checker.BOUND / SimWorld.MILLI));
        boolean marks = profile.strikes().contains(Fault.POD_DELETED);
        rows.add(
                new Report.Row(
                                "marks while a Lease is waited for",
                                !marks || totals.tally.earlyWaits > 0)
                        .with("put_count", totals.tally.earlyMarks)
                        .with("claimed_with_count", totals.tally.earlyWaits));
        for (Fault fault : profile.strikes().stream().sorted().toList()) {
            long times = totals.faults.getOrDefault(fault, 0L);
            rows.add(new Report.Row(fault.what, times > 0).with("times_count", times));
        }
        return rows;
    }

    private static void shrink(SimWorld broken) throws IOException {
        Shrinker.Found found = new Shrinker(Mutation.NONE).shrink(broken);
        Path file = Path.of("target/reports/seed-%d.schedule".formatted(broken.schedule.seed()));
        Files.writeString(file, found.text());
        System.out.printf(
                "The shortest schedule found (%s; replay with SCHEDULE=%s):%n%s",
                found.violation(), file, found.text());
    }
}
