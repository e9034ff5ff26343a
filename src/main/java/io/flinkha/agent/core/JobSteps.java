package io.flinkha.agent.core;

import io.flinkha.agent.core.Event.JobEvent;
import io.flinkha.agent.core.Event.JobFailed;
import io.flinkha.agent.core.Event.JobRead;
import io.flinkha.agent.core.Event.TermAsked;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Parked;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.RestartPolicy;
import io.flinkha.agent.core.restart.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Kubernetes Job: what it is told, and what it says to a JobManager that was asked to end. */
final class JobSteps {
    /** For so long the answer to a result waits for its signal: the JobManager ends after it. */
    static final Duration SIGNAL_PATIENCE = Duration.ofSeconds(10);

    /**
     * A kubelet asks the agent to end as soon as the JobManager has, which may take a savepoint's
     * time. Nobody waits for this: one that comes back registers.
     */
    private static final Duration LEAVING = Duration.ofSeconds(60);

    /** Between two looks whether the Job shows what it was told. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private final Settings settings;
    private final Incarnation incarnation;

    JobSteps(Settings settings, Incarnation incarnation) {
        this.settings = settings;
        this.incarnation = incarnation;
    }

    void expireCall(Draft draft) {
        Call call = draft.jobCall;
        if (call != null && draft.now - call.sentAt() >= settings.callTimeout().toNanos()) {
            failed(draft, Outcome.UNKNOWN);
        }
    }

    void note(Draft draft, JobEvent answer) {
        if (draft.jobCall == null || draft.jobCall.id() != answer.call()) {
            return;
        }
        switch (answer) {
            case JobRead read -> {
                boolean told = draft.jobCall.kind() == Call.Kind.WRITE;
                draft.job = own(read.job());
                // Whether the Job controller acts on it is seen later; told again, it would act no
                // sooner.
                draft.jobReread = told && !isSettled(draft);
                draft.jobCall = null;
                draft.jobGone = draft.job == null;
                answerAskers(draft);
                draft.jobAt = draft.now + LOOK_AGAIN.toNanos();
            }
            case JobFailed failure -> {
                failed(draft, failure.outcome());
                if (failure.outcome() == Outcome.FORBIDDEN) {
                    // It would be refused again as fast as it is sent.
                    draft.jobAt = draft.now + LOOK_AGAIN.toNanos();
                }
            }
        }
    }

    /** One of the same name that was made since is not told what concerns this pod's. */
    private @Nullable JobView own(@Nullable JobView job) {
        return job != null && job.uid().equals(settings.controllerUid()) ? job : null;
    }

    private void failed(Draft draft, Outcome outcome) {
        draft.jobCall = null;
        draft.jobReread = true;
        draft.jobAt = draft.now + settings.pauseAfter(outcome).toNanos();
        for (long asker : draft.askers) {
            draft.answer(asker, new Reply.Unavailable("the Job cannot be read now"));
        }
        draft.askers = new ArrayList<>();
    }

    void note(Draft draft, TermAsked asked) {
        draft.leavingUntil = draft.now + LEAVING.toNanos();
        if (!settings.restart().hasJob()) {
            draft.answer(asked.request(), new Reply.Vanish("no Job is asked"));
            return;
        }
        draft.askers.add(asked.request());
        readAnew(draft);
    }

    /**
     * Flink's own shutdown ends the tasks at once; a JobManager that vanishes leaves them running
     * for the next one. So it ends in order only if no next one will come.
     */
    private static void answerAskers(Draft draft) {
        JobView job = draft.job;
        Reply reply =
                job == null || job.over() || job.deleting()
                        ? new Reply.ShutDown("the Job is over, or being deleted")
                        : job.suspended()
                                ? new Reply.ShutDown("the Job is suspended")
                                : new Reply.Vanish("another process goes on with the job");
        for (long asker : draft.askers) {
            draft.answer(asker, reply);
        }
        draft.askers = new ArrayList<>();
    }

    /** What was seen, or asked for, before the question says nothing to it. */
    private static void readAnew(Draft draft) {
        if (draft.jobCall != null && draft.jobCall.kind() == Call.Kind.READ) {
            draft.jobCall = null;
        }
        draft.jobReread = true;
        draft.jobAt = draft.now;
    }

    /** Decides what is due, reads the Job before it is told anything, and tells it once. */
    void steer(Draft draft) {
        boolean isNew = draft.signal == null;
        draft.signal = due(draft);
        Signal signal = draft.signal;
        if (signal != null && isNew) {
            readAnew(draft);
        }
        if (draft.jobCall != null || (signal == null && draft.askers.isEmpty())) {
            return;
        }
        JobView seen = draft.job;
        if (signal instanceof Signal.Park park
                && park.intent() == null
                && seen != null
                && !seen.isResuming()
                && !draft.jobReread) {
            recordIntent(draft, seen);
        } else if (signal != null
                && seen != null
                && !draft.jobReread
                && !RestartPolicy.isSettled(seen, signal)) {
            draft.jobCall = draft.call(Call.Kind.WRITE);
            draft.emit(new Action.SignalJob(draft.jobCall.id(), signal, seen));
        } else if (draft.now >= draft.jobAt && !isShown(draft)) {
            draft.jobCall = draft.call(Call.Kind.READ);
            draft.emit(new Action.ReadJob(draft.jobCall.id()));
        }
    }

    /**
     * Once. Not while a resume is under way: it would get a date after the intent, though it came
     * before the failure.
     */
    private static void recordIntent(Draft draft, JobView seen) {
        Manifest wanted = draft.wanted;
        if (wanted != null && wanted.result() != null && wanted.parked() == null) {
            draft.wanted = wanted.withParked(new Parked(seen.uid(), seen.resumedAt()));
            draft.wantedEdit++;
        }
    }

    /** Whether a start has to wait for the parked Job's own word. */
    static boolean isUndecided(Draft draft) {
        JobView seen = draft.job;
        return draft.signal instanceof Signal.Park
                && !draft.jobGone
                && (seen == null || draft.jobReread || seen.isResuming() || !isSettled(draft));
    }

    static boolean isResumed(Draft draft) {
        JobView seen = draft.job;
        return draft.signal instanceof Signal.Park park && seen != null && park.isResumed(seen);
    }

    private static boolean isSettled(Draft draft) {
        Signal signal = draft.signal;
        JobView seen = draft.job;
        return signal == null || (seen != null && RestartPolicy.isSettled(seen, signal));
    }

    /** What the Job shows itself ends the repetition, not what was sent to it. */
    private static boolean isShown(Draft draft) {
        JobView seen = draft.job;
        boolean ended = draft.jobGone || (seen != null && (seen.over() || seen.deleting()));
        return ended && draft.askers.isEmpty() && !draft.jobReread;
    }

    private @Nullable Signal due(Draft draft) {
        Manifest committed = draft.committed;
        if (committed == null || draft.claimed != draft.epoch || draft.epoch == 0) {
            return null;
        }
        if (draft.wishes().isPaused()) {
            return null;
        }
        return settings.restart().due(committed, settings.controllerUid(), failures(draft));
    }

    int failures(Draft draft) {
        Manifest committed = draft.committed;
        long since = draft.now - settings.restart().window().toNanos();
        return settings.restart()
                .failures(
                        committed == null ? List.of() : committed.history(),
                        incarnation.holder(),
                        Instant.ofEpochMilli(draft.moment.wallMillis()),
                        draft.crashes.stream().filter(at -> at > since).count());
    }

    /** Whether the answer to a recorded result may go out: the JobManager ends on it. */
    static boolean mayEnd(Draft draft, Waiter waiter) {
        Signal signal = draft.signal;
        return signal == null
                || draft.jobGone
                || (!draft.jobReread && isSettled(draft))
                || draft.now - waiter.since() >= SIGNAL_PATIENCE.toNanos();
    }
}
