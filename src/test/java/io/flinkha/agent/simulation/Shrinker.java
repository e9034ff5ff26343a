package io.flinkha.agent.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Takes faults away from a schedule as long as a promise is still broken.
 *
 * <p>With a fault fewer, everything after it is drawn differently; so each smaller schedule is
 * tried on several courses (salts) before it counts as harmless.
 */
final class Shrinker {
    private static final int COURSES = 24;

    private final Mutation mutation;

    /** The shortest schedule found, and what it breaks. */
    record Found(Schedule schedule, String violation) {
        String text() {
            return "# " + violation.replace('\n', ' ') + "\n" + schedule.text();
        }
    }

    Shrinker(Mutation mutation) {
        this.mutation = mutation;
    }

    Found shrink(SimWorld broken) {
        Found best = new Found(broken.schedule, String.valueOf(broken.checker.violation()));
        boolean smaller = true;
        while (smaller) {
            int before = size(best.schedule());
            best = dropStrikes(best);
            best = dropAmbient(best);
            smaller = size(best.schedule()) < before;
        }
        return best;
    }

    private static int size(Schedule schedule) {
        return schedule.strikes().size() + schedule.ambient().size();
    }

    /** Halves first, then quarters, down to single ones. */
    private Found dropStrikes(Found found) {
        Found best = found;
        for (int width = Math.max(1, best.schedule().strikes().size() / 2); width >= 1; ) {
            int from = 0;
            while (from < best.schedule().strikes().size()) {
                List<Strike> fewer = new ArrayList<>(best.schedule().strikes());
                fewer.subList(from, Math.min(fewer.size(), from + width)).clear();
                Found next = anyCourse(best.schedule().withStrikes(fewer), best);
                if (next.equals(best)) {
                    from += width;
                }
                best = next;
            }
            width = width == 1 ? 0 : width / 2;
        }
        return best;
    }

    private Found dropAmbient(Found found) {
        Found best = found;
        for (Fault fault : Fault.values()) {
            if (best.schedule().ambient().contains(fault)) {
                best = anyCourse(best.schedule().without(fault), best);
            }
        }
        return best;
    }

    /** The smaller schedule, if some course of it still breaks a promise. */
    private Found anyCourse(Schedule smaller, Found otherwise) {
        return LongStream.range(0, COURSES)
                .parallel()
                .mapToObj(salt -> run(smaller.withSalt(salt)))
                .filter(world -> world.checker.violation() != null)
                .findFirst()
                .map(world -> new Found(world.schedule, String.valueOf(world.checker.violation())))
                .orElse(otherwise);
    }

    private SimWorld run(Schedule schedule) {
        return new SimWorld(schedule, mutation, null).run();
    }
}
