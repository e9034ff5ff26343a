package io.flinkha.agent.contract;

import io.flinkha.agent.core.Notice;
import io.flinkha.agent.core.Outcome;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.PodView;
import io.flinkha.agent.core.restart.Signal;
import io.flinkha.agent.port.EventRecorder;
import io.flinkha.agent.port.JobController;
import io.flinkha.agent.port.Pods;
import io.flinkha.agent.port.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Job, the pods and the Events of a namespace in memory. Nothing happens by itself: what the
 * Job controller, the kubelets and people do, the test does with {@link #job(JobView)} and {@link
 * #pod(String, PodView)}.
 */
public final class FakeCluster {
    private long version;
    private @Nullable JobView job;
    private final Map<String, PodView> pods = new HashMap<>();
    private final List<Notice> notices = new ArrayList<>();
    private @Nullable Outcome failure;

    /** From now on every call fails so; null heals it. */
    public synchronized void fail(@Nullable Outcome outcome) {
        failure = outcome;
    }

    /** The Job is this from now on, in a version of its own; returns it so. */
    public synchronized JobView job(JobView next) {
        JobView written =
                new JobView(
                        next.uid(),
                        Long.toString(++version),
                        next.suspended(),
                        next.deleting(),
                        next.over(),
                        next.failed(),
                        next.backoffLimit(),
                        next.resumedAt(),
                        next.shownSuspended());
        job = written;
        return written;
    }

    public synchronized @Nullable JobView job() {
        return job;
    }

    public synchronized void removeJob() {
        job = null;
    }

    public synchronized void pod(String name, PodView pod) {
        pods.put(name, pod);
    }

    public synchronized void removePod(String name) {
        pods.remove(name);
    }

    /** What was recorded, oldest first. */
    public synchronized List<Notice> notices() {
        return List.copyOf(notices);
    }

    private static <T> Result<T> failed(Outcome outcome) {
        return new Result.Failed<>(outcome, "the fake was told so");
    }

    public JobController jobs() {
        return new JobController() {
            @Override
            public Result<Optional<JobView>> read() {
                synchronized (FakeCluster.this) {
                    return failure != null
                            ? failed(failure)
                            : new Result.Ok<>(Optional.ofNullable(job));
                }
            }

            @Override
            public Result<JobView> send(Signal signal, JobView seen) {
                synchronized (FakeCluster.this) {
                    JobView known = job;
                    if (failure != null || known == null) {
                        return failed(failure != null ? failure : Outcome.NOT_FOUND);
                    }
                    boolean same =
                            known.uid().equals(seen.uid())
                                    && known.version().equals(seen.version());
                    return same
                            ? new Result.Ok<>(job(patched(known, signal, seen)))
                            : failed(Outcome.CONFLICT);
                }
            }
        };
    }

    /** The deadline of {@link Signal.GiveUp} shows only when the Job controller acts on it. */
    private static JobView patched(JobView known, Signal signal, JobView seen) {
        return new JobView(
                known.uid(),
                known.version(),
                known.suspended() || signal instanceof Signal.Park,
                known.deleting(),
                known.over(),
                known.failed(),
                signal instanceof Signal.FailJob ? seen.failed() : known.backoffLimit(),
                known.resumedAt(),
                known.shownSuspended());
    }

    public Pods pods() {
        return name -> {
            synchronized (FakeCluster.this) {
                return failure != null
                        ? failed(failure)
                        : new Result.Ok<>(Optional.ofNullable(pods.get(name)));
            }
        };
    }

    public EventRecorder events() {
        return notice -> {
            synchronized (FakeCluster.this) {
                if (failure == null) {
                    notices.add(notice);
                }
            }
        };
    }
}
