package io.flinkha.lab.leadership;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
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

    /** The node's time, where it was asked for. */
    private static final String LINE = "(?m)^(?:(\\d{4}-\\d\\d-\\d\\dT\\S+) )?";

    private static final Pattern GRANTED =
            Pattern.compile(LINE + "(\\d{13}) .* Leadership granted: epoch (\\d+),");

    /** A container's processes, one after the other: its supervisor says when one has ended. */
    private static final Pattern ENDED =
            Pattern.compile(LINE + "flink-ha-run: start \\d+ ended .*$");

    private static final Pattern TIME = Pattern.compile(LINE + "(\\d{13}) ");

    /**
     * The gates whose opening a container's log tells of; a process opens one at most, and was gone
     * when its supervisor told its end, or the next one said something.
     *
     * @param closedAt a time by which the container was gone
     */
    public static List<GateSpan> logged(String pod, String container, String log, long closedAt) {
        List<GateSpan> gates = new ArrayList<>();
        String[] processes = ENDED.split(log, -1);
        List<MatchResult> ends = ENDED.matcher(log).results().toList();
        for (int i = 0; i < processes.length; i++) {
            Matcher granted = GRANTED.matcher(processes[i]);
            if (granted.find()) {
                long gone = Math.min(closedAt, i < ends.size() ? time(ends.get(i)) : NEVER);
                for (int next = processes.length - 1; next > i; next--) {
                    Matcher time = TIME.matcher(processes[next]);
                    gone = time.find() ? Math.min(gone, Long.parseLong(time.group(2))) : gone;
                }
                gates.add(
                        new GateSpan(
                                pod,
                                container + "#" + (i + 1),
                                Long.parseLong(granted.group(3)),
                                Long.parseLong(granted.group(2)),
                                gone));
            }
        }
        return gates;
    }

    private static long time(MatchResult line) {
        String time = line.group(1);
        return time == null ? NEVER : Instant.parse(time).toEpochMilli();
    }

    /** The same gate, as two witnesses saw it. */
    public GateSpan with(GateSpan other) {
        return closedAt <= other.closedAt ? this : other;
    }

    boolean overlaps(GateSpan other) {
        return openedAt < other.closedAt && other.openedAt < closedAt;
    }
}
