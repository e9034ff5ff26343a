package io.flinkha.agent.simulation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;

/** {@code make simulate-mutants}: a row a rule, with the worlds until it was missed. */
final class SimulateMutants {
    private static final int BLOCK = 16;

    private SimulateMutants() {}

    public static void main(String[] args) throws IOException {
        String base = System.getProperty("base", "");
        long first = base.isEmpty() ? new Random().nextLong(1_000_000_000L) : Long.parseLong(base);
        System.out.println("mutants, in worlds from seed " + first + " on");
        List<Report.Row> rows = new ArrayList<>();
        for (Profile profile : Profile.ALL) {
            rows.add(withAllRules(profile, first));
            System.out.println(rows.getLast().line());
        }
        String only = System.getProperty("only", "");
        for (Mutants.Mutant mutant : Mutants.all()) {
            if (!mutant.rule().contains(only)) {
                continue;
            }
            rows.add(withoutOne(mutant, first));
            System.out.println(rows.getLast().line());
        }
        Report.write(Path.of("target/reports/simulate-mutants.json"), rows);
        System.exit(rows.stream().allMatch(Report.Row::held) ? 0 : 1);
    }

    /** A world made for a mutant proves something only if it is clean with all rules. */
    private static Report.Row withAllRules(Profile profile, long first) {
        int worlds = Integer.getInteger("clean", 1_000);
        List<String> broken =
                LongStream.range(first, first + worlds)
                        .parallel()
                        .mapToObj(seed -> new SimWorld(Schedule.draw(profile, seed)).run())
                        .filter(world -> world.checker.violation() != null)
                        .map(world -> String.valueOf(world.checker.violation()))
                        .toList();
        Report.Row row =
                new Report.Row("all rules, " + profile.name() + " worlds", broken.isEmpty())
                        .with("runs_count", worlds)
                        .with("violations_count", broken.size());
        return broken.isEmpty() ? row : row.with("broke", broken.getFirst());
    }

    private static Report.Row withoutOne(Mutants.Mutant mutant, long first) {
        for (long from = 0; from < mutant.limit(); from += BLOCK) {
            Optional<SimWorld> caught =
                    LongStream.range(from, from + BLOCK)
                            .parallel()
                            .mapToObj(run -> world(mutant, first + run))
                            .filter(world -> world.checker.violation() != null)
                            .findFirst();
            if (caught.isPresent()) {
                SimWorld world = caught.get();
                return row(mutant, true)
                        .with("caught_after_runs_count", world.schedule.seed() - first + 1)
                        .with("limit_count", mutant.limit())
                        .with("broke", String.valueOf(world.checker.violation()));
            }
        }
        return row(mutant, false).with("limit_count", mutant.limit());
    }

    private static Report.Row row(Mutants.Mutant mutant, boolean held) {
        return new Report.Row("without: " + mutant.rule(), held)
                .with("worlds", mutant.profile().name());
    }

    private static SimWorld world(Mutants.Mutant mutant, long seed) {
        return new SimWorld(Schedule.draw(mutant.profile(), seed), mutant.mutation(), null).run();
    }
}
