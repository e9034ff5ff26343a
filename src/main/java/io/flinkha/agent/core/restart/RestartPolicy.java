package io.flinkha.agent.core.restart;

import io.flinkha.agent.core.manifest.JobResult;
import io.flinkha.agent.core.manifest.JobResult.Status;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When the Job controller is told something, and what.
 *
 * @param hasJob a Kubernetes Job runs this pod, and its name is known
 * @param onFailed what a job that failed for good makes of it
 * @param maxFailures ends of the JobManager's process within {@code window} after which the agent
 *     gives up
 */
public record RestartPolicy(boolean hasJob, OnFailed onFailed, int maxFailures, Duration window) {

    /** The reason in the history of an epoch that follows an end of the process in its pod. */
    public static final String PROCESS_ENDED = "the JobManager ended";

    /** A person looks after it then: it is no end that the agent could have kept from happening. */
    public static final String ENDED_PAUSED = "the JobManager ended while paused";

    private static final String IN_THE_OTHER_POD = ", in the other pod";

    private static final Set<String> ENDS =
            Stream.concat(
                            Stream.of(PROCESS_ENDED),
                            Stream.of(KillCause.values()).map(KillCause::reason))
                    .collect(Collectors.toUnmodifiableSet());

    /** Outside of a Job there is nobody to tell. */
    public static final RestartPolicy NONE =
            new RestartPolicy(false, OnFailed.FAIL, Integer.MAX_VALUE, Duration.ofHours(1));

    /**
     * The signal that is due; null for none.
     *
     * @param controllerUid of the Job that runs this pod: a result of another one is not its own
     */
    public @Nullable Signal due(Manifest committed, String controllerUid, int failures) {
        if (!hasJob) {
            return null;
        }
        JobResult result = committed.resultOf(controllerUid);
        if (result != null) {
            return result.status() == Status.FAILED ? onFailed(committed) : null;
        }
        return failures >= maxFailures ? new Signal.GiveUp() : null;
    }

    private Signal onFailed(Manifest committed) {
        return onFailed == OnFailed.PARK
                ? new Signal.Park(committed.parked())
                : new Signal.FailJob();
    }

    /**
     * The reason in the history of an epoch that an agent begins with taking the Lease.
     *
     * @param ended why the JobManager had ended of the pod that handed it over, as that said
     */
    public static String taken(String ended) {
        return ENDS.contains(ended) ? ended + IN_THE_OTHER_POD : "the agent took the Lease";
    }

    /**
     * How often the JobManager ended within the window: this pod's, by the history and by what its
     * supervisor wrote down, which sees those ends too that came before a registration, and that of
     * the pod which handed over to this one.
     */
    public int failures(List<Leadership> history, String holder, Instant now, long endsInWindow) {
        Instant since = now.minus(window);
        List<String> reasons =
                history.stream()
                        .filter(one -> one.holder().equals(holder))
                        .filter(one -> isAfter(one.time(), since))
                        .map(Leadership::reason)
                        .toList();
        long here = reasons.stream().filter(ENDS::contains).count();
        long there = reasons.stream().filter(reason -> reason.endsWith(IN_THE_OTHER_POD)).count();
        return (int) (Math.max(here, endsInWindow) + there);
    }

    /**
     * Numbers of the ends that came while paused, by the history, which an agent knows too that
     * started later: for each such entry of this pod the end that is nearest to it.
     *
     * @param ends of this pod, by the clock that the history's times are of
     */
    public static Set<Long> endedPaused(
            List<Leadership> history, String holder, List<ProcessEnd> ends) {
        Set<Long> numbers = new HashSet<>();
        for (Leadership one : history) {
            boolean paused = one.holder().equals(holder) && one.reason().equals(ENDED_PAUSED);
            Instant at = paused && !ends.isEmpty() ? time(one.time()) : null;
            if (at != null) {
                numbers.add(nearest(ends, at).number());
            }
        }
        return numbers;
    }

    private static ProcessEnd nearest(List<ProcessEnd> ends, Instant at) {
        ProcessEnd found = ends.getFirst();
        for (ProcessEnd end : ends) {
            if (distance(end, at).compareTo(distance(found, at)) < 0) {
                found = end;
            }
        }
        return found;
    }

    private static Duration distance(ProcessEnd end, Instant at) {
        return Duration.between(Instant.ofEpochSecond(end.endedAtSeconds()), at).abs();
    }

    private static boolean isAfter(String time, Instant since) {
        Instant at = time(time);
        return at != null && at.isAfter(since);
    }

    /** Null where a person has spoiled it: what it stands for counts for nothing. */
    private static @Nullable Instant time(String written) {
        try {
            return Instant.parse(written);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Nothing is left to tell this Job: it says so already, or a person's word on it stands. */
    public static boolean isSettled(JobView job, Signal signal) {
        return job.over() || job.deleting() || job.suspended() || signal.isCarriedOut(job);
    }
}
