package io.flinkha.lab.measure;

import io.flinkha.lab.base.Directories;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A log of the demo's processes: each line begins with milliseconds since the epoch. */
public final class FlinkLog {
    private static final Pattern LINE = Pattern.compile("(\\d{13}) \\S+ (\\w+) +(\\S+) (.*)");

    /** One line; what a stack trace adds is left out. */
    public record Line(long time, String level, String logger, String message) {}

    private final List<Line> lines;

    private FlinkLog(List<Line> lines) {
        this.lines = lines;
    }

    public static FlinkLog read(Path file) {
        return parse(Directories.text(file));
    }

    static FlinkLog parse(String text) {
        List<Line> lines = new ArrayList<>();
        text.lines()
                .forEach(line -> {
                    Matcher matcher = LINE.matcher(line);
                    if (matcher.matches()) {
                        lines.add(
                                new Line(
                                        Long.parseLong(matcher.group(1)),
                                        matcher.group(2),
                                        matcher.group(3),
                                        matcher.group(4)));
                    }
                });
        return new FlinkLog(lines);
    }

    /** The time of the first line; absent while there is none. */
    public OptionalLong begin() {
        return lines.isEmpty() ? OptionalLong.empty() : OptionalLong.of(lines.getFirst().time());
    }

    public OptionalLong firstAfter(long time, Pattern message) {
        return times(time, message).stream().mapToLong(Long::longValue).findFirst();
    }

    public OptionalLong lastAfter(long time, Pattern message) {
        return times(time, message).stream().mapToLong(Long::longValue).max();
    }

    public List<Long> times(long after, Pattern message) {
        return lines.stream()
                .filter(line -> line.time() >= after && message.matcher(line.message()).find())
                .map(Line::time)
                .toList();
    }

    /**
     * The longest time between two such lines, of which the second is later than the given time.
     */
    public long longestGapMillis(long from, Pattern message) {
        List<Long> all = times(0, message);
        long longest = 0;
        for (int i = 1; i < all.size(); i++) {
            if (all.get(i) > from) {
                longest = Math.max(longest, all.get(i) - all.get(i - 1));
            }
        }
        return longest;
    }
}
