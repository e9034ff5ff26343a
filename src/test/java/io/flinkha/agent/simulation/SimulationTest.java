package io.flinkha.agent.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Runs {@code -Druns=N} worlds (a few hundred by default) and one that nobody has seen before.
 *
 * <p>{@code -Dtest=SimulationTest#unknownWorld -Dseed=N} replays one of them.
 */
class SimulationTest {
    private static final int RUNS = Integer.getInteger("runs", 500);

    private static SimWorld runs(long seed) {
        SimWorld world = new SimWorld(seed).run();
        assertNull(
                world.checker.violation(),
                () -> "replay: -Dtest=SimulationTest#unknownWorld -Dseed=" + seed);
        if (world.calm) {
            assertTrue(
                    world.checker.firstOpenAt >= 0
                            && world.checker.firstOpenAt < 30 * SimWorld.SECOND,
                    "in a calm world nobody leads after 30 s, seed " + seed);
            assertEquals(1, world.checker.opens, "in a calm world nobody loses, seed " + seed);
        }
        return world;
    }

    @Test
    void knownWorlds() {
        long opens = 0;
        long acknowledged = 0;
        long resumed = 0;
        long restored = 0;
        long refusals = 0;
        long results = 0;
        long withOpens = 0;
        long started = System.nanoTime();
        for (long seed : LongStream.range(0, RUNS).toArray()) {
            SimWorld world = runs(seed);
            Checker checker = world.checker;
            assertTrue(
                    checker.opens > 0 || world.loss >= 0.3,
                    "few messages are lost, but nobody ever leads, seed " + seed);
            opens += checker.opens;
            acknowledged += checker.acknowledgements;
            resumed += checker.resumed;
            restored += checker.restored;
            refusals += checker.refusals;
            results += checker.results;
            withOpens += checker.opens > 0 ? 1 : 0;
        }
        System.out.printf(
                "simulation: %d runs of %d s, %d with a leader, %d gates opened, %d resumed, %d"
                        + " restored, %d checkpoints, %d results, %d refusals, 0 violations, %.1f s%n",
                RUNS,
                SimWorld.HORIZON.toSeconds(),
                withOpens,
                opens,
                resumed,
                restored,
                acknowledged,
                results,
                refusals,
                (System.nanoTime() - started) / 1e9);
        assertTrue(
                withOpens > RUNS * 0.8, "nobody ever leads in %d runs".formatted(RUNS - withOpens));
        assertTrue(resumed > RUNS && restored > 0, "the worlds are too quiet to prove anything");
    }

    @Test
    void unknownWorld() {
        long seed = Long.getLong("seed", new Random().nextLong(1_000_000_000L));
        System.out.println("simulation: seed " + seed);
        runs(seed);
    }
}
