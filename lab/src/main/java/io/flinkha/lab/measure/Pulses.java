package io.flinkha.lab.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** When each subtask processed records, as the job wrote it down itself, over all its attempts. */
public final class Pulses {
    private final Map<String, List<Long>> bySubtask;

    private Pulses(Map<String, List<Long>> bySubtask) {
        this.bySubtask = bySubtask;
    }

    public static Pulses read(Path directory) {
        Map<String, List<Long>> times = new TreeMap<>();
        if (!Files.isDirectory(directory)) {
            return new Pulses(times);
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                List<Long> own =
                        times.computeIfAbsent(
                                name.substring(0, name.indexOf('-')), key -> new ArrayList<>());
                own.addAll(parse(Files.readString(file, StandardCharsets.US_ASCII)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        times.values().removeIf(List::isEmpty);
        times.values().forEach(own -> own.sort(Comparator.naturalOrder()));
        return new Pulses(times);
    }

    /** The longest silence of any subtask that lies, at least in part, between the two times. */
    public long longestGapMillis(long from, long to) {
        long longest = 0;
        for (List<Long> times : bySubtask.values()) {
            for (int i = 1; i < times.size(); i++) {
                long before = times.get(i - 1);
                long after = times.get(i);
                if (after > from && before < to) {
                    longest = Math.max(longest, after - before);
                }
            }
        }
        return longest;
    }

    public long last() {
        return bySubtask.values().stream().mapToLong(List::getLast).min().orElse(0);
    }

    /** A line is whole when its end was written: a kill may cut the last one. */
    static List<Long> parse(String text) {
        int end = text.lastIndexOf('\n');
        return end < 0 ? List.of() : text.substring(0, end).lines().map(Long::valueOf).toList();
    }
}
