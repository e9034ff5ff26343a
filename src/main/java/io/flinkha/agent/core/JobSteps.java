package io.flinkha.agent.core;

import io.flinkha.agent.core.Event.JobEvent;
import io.flinkha.agent.core.Event.JobFailed;
import io.flinkha.agent.core.Event.JobRead;
import io.flinkha.agent.core.Event.TermAsked;
import io.flinkha.agent.core.gate.Reply;
import io.flinkha.agent.core.manifest.Leadership;
import io.flinkha.agent.core.manifest.Manifest;
import io.flinkha.agent.core.manifest.Parked;
import io.flinkha.agent.core.restart.JobView;
import io.flinkha.agent.core.restart.RestartPolicy;
import io.flinkha.agent.core.restart.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
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

    void note(Draft draft, JobEvent answer) {
        Call call = draft.job.answered(answer.call());
        if (call == null) {
            return;
        }
        switch (answer) {
            case JobRead read -> {
                boolean told = call.kind() == Call.Kind.WRITE;
                draft.job.seen = own(read.job());
                // Whether the Job controller acts on it is seen later; told again, it would act no
                // sooner.
                draft.job.reread = told && !isSettled(draft);
                draft.job.gone = draft.job.seen == null;
                answerAskers(draft);
                draft.job.nextAt = draft.now + LOOK_AGAIN.toNanos();
            }
            case JobFailed failure -> {
                failed(draft, call, failure.outcome());
                if (failure.outcome() == Outcome.FORBIDDEN) {
                    // It would be refused again as fast as it is sent.
                    draft.job.nextAt = draft.now + LOOK_AGAIN.toNanos();
                }
            }
        }
    }

    /** One of the same name that was made since is not told what concerns this pod's. */
    private @Nullable JobView own(@Nullable JobView job) {
        return job != null && job.uid().equals(settings.controllerUid()) ? job : null;
    }

    void failed(Draft draft, Call call, Outcome outcome) {
        draft.job.readAgainAt(draft.now + settings.pauseAfter(outcome).toNanos());
        for (long asker : draft.job.askers) {
            draft.answer(asker, new Reply.Unavailable("the Job cannot be read now"));
        }
        draft.job.askers = List.of();
    }

    void note(Draft draft, TermAsked asked) {
        draft.job.leavingUntil = draft.now + LEAVING.toNanos();
        if (!settings.restart().hasJob()) {
            draft.answer(asked.request(), new Reply.Vanish("no Job is asked"));
            return;
        }
        draft.job.add(asked.request());
        readAnew(draft);
    }

    /**
     * Flink's own shutdown ends the tasks at once; a JobManager that vanishes leaves them running
     * for the next one. So it ends in order only if no next one will come.
     */
    private static void answerAskers(Draft draft) {
        JobView job = draft.job.seen;
        Reply reply =
                job == null || job.over() || job.deleting()
                        ? new Reply.ShutDown("the Job is over, or being deleted")
                        : job.suspended()
                                ? new Reply.ShutDown("the Job is suspended")
                                : new Reply.Vanish("another process goes on with the job");
        for (long asker : draft.job.askers) {
            draft.answer(asker, reply);
        }
        draft.job.askers = List.of();
    }

    /** What was seen, or asked for, before the question says nothing to it. */
    private static void readAnew(Draft draft) {
        if (draft.job.call != null && draft.job.call.kind() == Call.Kind.READ) {
            draft.job.call = null;
        }
        draft.job.readAgainAt(draft.now);
    }

    /** Decides what is due, reads the Job before it is told anything, and tells it once. */
    void steer(Draft draft) {
        boolean isNew = draft.job.signal == null;
        draft.job.signal = due(draft);
        Signal signal = draft.job.signal;
        if (signal != null && isNew) {
            readAnew(draft);
        }
        if (draft.job.call != null || (signal == null && draft.job.askers.isEmpty())) {
            return;
        }
        JobView seen = draft.job.seen;
        if (signal instanceof Signal.Park park
                && park.intent() == null
                && seen != null
                && !seen.isResuming()
                && !draft.job.reread) {
            recordIntent(draft, seen);
        } else if (signal != null
                && seen != null
                && !draft.job.reread
                && !RestartPolicy.isSettled(seen, signal)) {
            draft.emit(new Action.SignalJob(draft.send(draft.job, Call.Kind.WRITE), signal, seen));
        } else if (draft.now >= draft.job.nextAt && !isShown(draft)) {
            draft.emit(new Action.ReadJob(draft.send(draft.job, Call.Kind.READ)));
        }
    }

    /**
     * Once. Not while a resume is under way: it would get a date after the intent, though it came
     * before the failure.
     */
    private static void recordIntent(Draft draft, JobView seen) {
        Manifest wanted = draft.manifest.wanted;
        if (wanted != null && wanted.result() != null && wanted.parked() == null) {
            draft.manifest.want(wanted.withParked(new Parked(seen.uid(), seen.resumedAt())));
        }
    }

    /** Whether a start has to wait for the parked Job's own word. */
    static boolean isUndecided(Draft draft) {
        JobView seen = draft.job.seen;
        return draft.job.signal instanceof Signal.Park
                && !draft.job.gone
                && (seen == null || draft.job.reread || seen.isResuming() || !isSettled(draft));
    }

    static boolean isResumed(Draft draft) {
        JobView seen = draft.job.seen;
        return draft.job.signal instanceof Signal.Park park && seen != null && park.isResumed(seen);
    }

    private static boolean isSettled(Draft draft) {
        Signal signal = draft.job.signal;
        JobView seen = draft.job.seen;
        return signal == null || (seen != null && RestartPolicy.isSettled(seen, signal));
    }

    /** What the Job shows itself ends the repetition, not what was sent to it. */
    private static boolean isShown(Draft draft) {
        JobView seen = draft.job.seen;
        boolean ended = draft.job.gone || (seen != null && (seen.over() || seen.deleting()));
        return ended && draft.job.askers.isEmpty() && !draft.job.reread;
    }

    private @Nullable Signal due(Draft draft) {
        Manifest committed = draft.manifest.committed;
        if (committed == null || !draft.state.isClaimed() || draft.lease.epoch == 0) {
            return null;
        }
        if (draft.state.wishes().isPaused()) {
            return null;
        }
        int failures = failures(draft.state, draft.moment);
        return settings.restart().due(committed, settings.controllerUid(), failures);
    }

    int failures(State state, Moment moment) {
        Manifest committed = state.manifest.committed;
        List<Leadership> history = committed == null ? List.of() : committed.history();
        Instant now = Instant.ofEpochMilli(moment.wallMillis());
        long since = now.minus(settings.restart().window()).getEpochSecond();
        String holder = incarnation.holder();
        Set<Long> paused = RestartPolicy.endedPaused(history, holder, state.process.ends());
        return settings.restart()
                .failures(history, holder, now, ProcessSteps.failures(state, since, paused));
    }

    /** Whether the answer to a recorded result may go out: the JobManager ends on it. */
    static boolean mayEnd(Draft draft, Waiter waiter) {
        Signal signal = draft.job.signal;
        return signal == null
                || draft.job.gone
                || (!draft.job.reread && isSettled(draft))
                || draft.now - waiter.since() >= SIGNAL_PATIENCE.toNanos();
    }
}
