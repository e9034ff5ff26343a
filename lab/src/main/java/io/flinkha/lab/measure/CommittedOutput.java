package io.flinkha.lab.measure;

import io.flinkha.lab.report.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the job committed, compared with what it should have: each id once, and for each key the
 * counts 1, 2, 3 … without a gap or a repetition.
 */
public record CommittedOutput(
        long expected, long committed, long lost, long duplicated, long wrongCounts) {

    public boolean exactlyOnce() {
        return committed == expected && lost == 0 && duplicated == 0 && wrongCounts == 0;
    }

    public Row addTo(Row row) {
        return row.figure("recordsLost", lost).figure("recordsDuplicated", duplicated);
    }

    public Row claimExactlyOnce(Row row) {
        return addTo(row).claim("every record is committed exactly once", exactlyOnce());
    }

    /** With all of its figures. */
    public Row verify(Row row) {
        row.figure("records", expected);
        return addTo(row)
                .figure("wrongCounts", wrongCounts)
                .claim("every record is committed exactly once", exactlyOnce());
    }

    public static CommittedOutput read(Path directory, long expected) {
        Tally tally = new Tally(expected);
        lines(directory).forEach(tally::add);
        return tally.result();
    }

    /** What is committed below a directory; files whose name begins with a dot are not. */
    public static List<String> lines(Path directory) {
        List<String> lines = new ArrayList<>();
        if (!Files.exists(directory)) {
            return lines;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file :
                    files.filter(Files::isRegularFile)
                            .filter(path -> !path.getFileName().toString().startsWith("."))
                            .toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    private static final class Tally {
        private final long expected;
        private final BitSet ids = new BitSet();
        private final Map<Integer, BitSet> countsByKey = new HashMap<>();
        private long committed;
        private long duplicated;
        private long wrongCounts;

        Tally(long expected) {
            this.expected = expected;
        }

        void add(String line) {
            String[] words = line.split(" ", -1);
            int id = Integer.parseInt(words[0]);
            int count = Integer.parseInt(words[2]);
            BitSet counts =
                    countsByKey.computeIfAbsent(Integer.valueOf(words[1]), key -> new BitSet());
            committed++;
            if (ids.get(id)) {
                duplicated++;
            }
            if (counts.get(count)) {
                wrongCounts++;
            }
            ids.set(id);
            counts.set(count);
        }

        CommittedOutput result() {
            // A key's highest count is the number of its different counts, or one is missing.
            for (BitSet counts : countsByKey.values()) {
                wrongCounts += counts.length() - 1L - counts.cardinality();
            }
            long wanted = ids.get(0, (int) expected).cardinality();
            return new CommittedOutput(
                    expected, committed, expected - wanted, duplicated, wrongCounts);
        }
    }
}
