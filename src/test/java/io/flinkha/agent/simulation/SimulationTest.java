package io.flinkha.agent.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A few hundred worlds ({@code -Druns=N}) that are always the same ones, and as many that nobody
 * has seen before; {@code make simulate} runs thousands.
 */
class SimulationTest {
    private static final int RUNS = Integer.getInteger("runs", 400);
    private static final Path SCHEDULES = Path.of("src/test/resources/scenarios/schedules");

    private static List<SimWorld> run(Profile profile, long from, int runs) {
        List<SimWorld> worlds =
                LongStream.range(from, from + runs)
                        .parallel()
                        .mapToObj(seed -> new SimWorld(Schedule.draw(profile, seed)).run())
                        .toList();
        for (SimWorld world : worlds) {
            assertNull(
                    world.checker.violation(),
                    () ->
                            "%s worlds; replay: make simulate SEED=%d"
                                    .formatted(profile.name(), world.schedule.seed()));
        }
        return worlds;
    }

    @Test
    void knownWorlds() {
        Tally tally = new Tally();
        run(Profile.ORDINARY, 0, RUNS).forEach(world -> tally.add(world.tally));
        System.out.printf(
                "simulation: %d known worlds, %d gates opened, %d resumed, %d restored%n",
                RUNS, tally.opens, tally.resumed, tally.restored);
        assertTrue(tally.resumed > RUNS / 2 && tally.restored > 0, "too quiet to prove anything");
    }

    @Test
    void unknownWorlds() {
        long seed = Long.getLong("seed", new Random().nextLong(1_000_000_000L));
        System.out.printf("simulation: %d worlds from seed %d on%n", RUNS, seed);
        run(Profile.ORDINARY, seed, RUNS);
    }

    /** Worlds made for one rule each hold as long as all rules do. */
    @Test
    void targetedWorlds() {
        for (Profile profile : Profile.ALL) {
            run(profile, 0, 50);
        }
    }

    /** What once went wrong, as the shortest schedule that was found. */
    @Test
    void schedules() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> found = Files.list(SCHEDULES)) {
            found.sorted().forEach(files::add);
        }
        assertTrue(!files.isEmpty(), "there are no schedules");
        for (Path file : files) {
            Schedule schedule = Schedule.parse(Files.readAllLines(file));
            assertNull(new SimWorld(schedule).run().checker.violation(), file.toString());
        }
    }

    @Test
    void scheduleIsReadBackAsItWasWritten() {
        Schedule schedule = Schedule.draw(Profile.ORDINARY, 7);
        assertEquals(schedule, Schedule.parse(schedule.text().lines().toList()));
    }

    /** The shrinker keeps what is needed: without the release mark, the cleared holder. */
    @Test
    void shortestScheduleNamesTheFaultThatMatters() {
        Mutation noMark = Rewrite.mutation(CoreMutants::noReleaseMark);
        SimWorld broken =
                LongStream.range(0, 300)
                        .mapToObj(seed ->
                                new SimWorld(Schedule.draw(Profile.ORDINARY, seed), noMark, null)
                                        .run())
                        .filter(world -> world.checker.violation() != null)
                        .findFirst()
                        .orElseThrow();
        Shrinker.Found found = new Shrinker(noMark).shrink(broken);
        assertNotNull(found.violation());
        assertTrue(
                found.schedule().strikes().stream()
                        .anyMatch(strike -> strike.fault() == Fault.LEASE_CLEARED),
                found.text());
        assertTrue(found.schedule().strikes().size() <= 3, found.text());
    }
}
