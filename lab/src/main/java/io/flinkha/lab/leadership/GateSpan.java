package io.flinkha.lab.leadership;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one JobManager process was: a leader, from here to there. A gate that nobody closes closes
 * with its process at the latest.
 *
 * @param closedAt a time by which its process was gone; the latest there is while nobody knows
 */
public record GateSpan(String pod, String process, long epoch, long openedAt, long closedAt) {
    public static final long NEVER = Long.MAX_VALUE;

    private static final Pattern GRANTED =
            Pattern.compile("(?m)^(\\d{13}) .* Leadership granted: epoch (\\d+),");

    /** The gate whose opening the JobManager has logged; a process opens one at most. */
    public static Optional<GateSpan> logged(String pod, String process, String log, long closedAt) {
        Matcher matcher = GRANTED.matcher(log);
        return matcher.find()
                ? Optional.of(
                        new GateSpan(
                                pod,
                                process,
                                Long.parseLong(matcher.group(2)),
                                Long.parseLong(matcher.group(1)),
                                closedAt))
                : Optional.empty();
    }

    boolean overlaps(GateSpan other) {
        return openedAt < other.closedAt && other.openedAt < closedAt;
    }
}
