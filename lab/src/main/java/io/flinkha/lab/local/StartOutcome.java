package io.flinkha.lab.local;

import io.flinkha.lab.base.Await;
import io.flinkha.lab.base.Directories;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What came of the start of a JobManager's process, as its log tells it.
 *
 * @param kind {@code FRESH}, {@code RESUME}, {@code RESTORE}, or {@code HALT} and the exit code;
 *     empty if nothing is decided yet
 * @param sentence the reason that the log gives
 * @param restored the path of the state that Flink loaded; empty if there was none
 */
public record StartOutcome(String kind, String sentence, String restored) {
    /** An older leadership's slots have to time out first, and the machine may be busy. */
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final Pattern START =
            Pattern.compile(" (FRESH|RESUME|RESTORE): .*Reason: (.*)\\.");
    private static final Pattern HALT =
            Pattern.compile("This JVM halts with exit code (\\d+): (.*)");
    private static final Pattern RESTORED =
            Pattern.compile("Restoring job \\S+ from .* located at (\\S+)\\.");

    public static StartOutcome of(Path log) {
        String text = Directories.text(log);
        Matcher halt = HALT.matcher(text);
        if (halt.find()) {
            return new StartOutcome("HALT " + halt.group(1), halt.group(2), "");
        }
        Matcher start = START.matcher(text);
        Matcher restored = RESTORED.matcher(text);
        return start.find()
                ? new StartOutcome(
                        start.group(1), start.group(2), restored.find() ? restored.group(1) : "")
                : new StartOutcome("", "", "");
    }

    /** What the pod's JobManager came to: a job of which all tasks run or have run, or a halt. */
    public static StartOutcome await(LocalPod pod, int processesBefore) {
        Await.until(
                "the JobManager's start",
                LIMIT,
                () ->
                        pod.jobManager().starts() > processesBefore
                                && (of(last(pod)).isHalt()
                                        || pod.jobManager().over().isPresent()
                                        || pod.rest().job().allRunning()));
        return of(last(pod));
    }

    /** A refused process is followed by the next one, until there is what it looks for. */
    public static StartOutcome awaitRunning(LocalPod pod) {
        Await.until("the job RUNNING", LIMIT, () -> pod.rest().job().allRunning());
        return of(last(pod));
    }

    /** A process that has ended is followed by another one at once. */
    public static StartOutcome awaitHalt(LocalPod pod, int processesBefore) {
        Await.until("the JobManager's refusal", LIMIT, () -> !pod.terminationMessage().isEmpty());
        Await.until(
                "its exit code",
                LIMIT,
                () -> pod.jobManager().exitCodes().size() > processesBefore);
        return new StartOutcome(
                "HALT " + pod.jobManager().exitCodes().getLast(), pod.terminationMessage(), "");
    }

    private static Path last(LocalPod pod) {
        return pod.jobManager().current().log();
    }

    public boolean isHalt() {
        return kind.startsWith("HALT");
    }

    /** What is shown of the state: where it lies is the run's affair. */
    public String restoredFrom() {
        return restored.isEmpty() ? "nothing" : name(restored);
    }

    /** The last part of a path: {@code chk-12}, or the name of a savepoint. */
    public static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
